import type { Fault } from './fault.ts';

/** More than these help nobody; how many were left out is told. */
const MAX_SHOWN = 100;

/** How much of a long line is shown. */
const MAX_WIDTH = 120;

/**
 * As compilers print them: `FILE:LINE:COL: message`, under it the line of the file with the place marked,
 * what is allowed, and what was probably meant. Warnings say `warning: ` before the message.
 *
 * @param text the text of the file that the faults were found in
 */
export function formatFaults(text: string, fileName: string, faults: readonly Fault[]): string {
  const lines = text.split(/\r?\n/);
  const shown = faults
    .slice(0, MAX_SHOWN)
    .map((fault) => formatFault(lines[fault.line - 1] ?? '', fileName, fault));
  const left = faults.length - shown.length;
  return [...shown, ...(left > 0 ? [`and ${left} more`] : [])].join('\n');
}

/** The first line of a fault as `formatFaults` prints it. */
export function faultLine(fileName: string, fault: Fault): string {
  const kind = fault.severity === 'warning' ? 'warning: ' : '';
  return printable(`${fileName}:${fault.line}:${fault.column}: ${kind}${fault.message}`);
}

function formatFault(line: string, fileName: string, fault: Fault): string {
  const parts = [faultLine(fileName, fault), ...mark(line, fault)];
  if (fault.allowed !== undefined) parts.push(printable(`  allowed: ${fault.allowed}`));
  if (fault.nearest !== undefined) parts.push(printable(`  did you mean ${fault.nearest}?`));
  return parts.join('\n');
}

function mark(line: string, { line: number, column, length }: Fault): string[] {
  if (line.trim() === '') return [];
  const from = line.length > MAX_WIDTH ? Math.max(0, column - 1 - MAX_WIDTH / 2) : 0;
  const shown = line.slice(from, from + MAX_WIDTH);
  const before = `${from > 0 ? '…' : ''}${shown.slice(0, column - 1 - from)}`;
  const after = from + MAX_WIDTH < line.length ? '…' : '';
  const marked = shown.slice(column - 1 - from, column - 1 - from + length);
  const margin = `${number}`.padStart(5);
  return [
    `${margin} | ${printable(`${from > 0 ? '…' : ''}${shown}${after}`)}`,
    // A tab stays a tab, so that the mark stands under its place however wide tabs are.
    `${' '.repeat(margin.length)} | ${before.replace(/[^\t]/gu, ' ')}${'^'.repeat(Math.max(1, [...marked].length))}`,
  ];
}

/** A file may hold what moves a terminal's cursor or turns the text around. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) =>
    character === '\t' ? '\t' : '\ufffd',
  );
}
