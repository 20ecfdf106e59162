import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colours, where the terminal has them and `NO_COLOR` is not set. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  caution(text: string): string;
  alarm(text: string): string;
  ofStep(step: string, text: string): string;
}

const STEP_STYLES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ['warned', 'yellow'],
  ['observed', 'cyan'],
  ['cancelling', 'magenta'],
  ['cancelled', 'green'],
  ['ended-first', 'gray'],
  ['could-not-cancel', 'red'],
  ['undecided', 'yellow'],
  ['retry-scheduled', 'cyan'],
  ['retried', 'magenta'],
  ['recovered', 'green'],
  ['gave-up', 'red'],
  ['retry-refused', 'yellow'],
  ['purging', 'magenta'],
  ['purged', 'green'],
  ['could-not-purge', 'red'],
  ['not-found', 'gray'],
]);

/** @param stream where the text goes: Node asks it, and `NO_COLOR`, whether to colour */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  const paint = (style: Style, text: string): string => styleText(style, text, { stream });
  return {
    strong: (text) => paint('bold', text),
    faint: (text) => paint('gray', text),
    caution: (text) => paint('yellow', text),
    alarm: (text) => paint('red', text),
    ofStep: (step, text) => paint(STEP_STYLES.get(step) ?? ['bold', 'red'], text),
  };
}

/** Cut to so many columns, for a line that wraps would spoil the picture. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
