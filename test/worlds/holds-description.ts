import type { SelectorDescription } from './selector-description.ts';

/** A legal hold, in the world's own words. */
export interface HoldDescription {
  readonly id: string;
  /** The last moment for which it holds. */
  readonly untilMs: number | 'indefinite';
  /** `project:location.id`, or `project:id` for any location. */
  readonly jobs?: readonly string[];
  readonly created?: { readonly fromMs?: number; readonly toMs?: number };
  readonly match: SelectorDescription;
}

/** `description` is absent where the text is no holds file, `text` where there is no file at all. */
export interface HoldsVersion {
  readonly fromMs: number;
  readonly text?: string;
  readonly description?: readonly HoldDescription[];
}

/** The description as an owner would write it. */
export function writtenHolds(holds: readonly HoldDescription[]): string {
  const lines = holds.map((hold) => `  - ${JSON.stringify(writtenHold(hold))}`);
  return lines.length === 0 ? 'version: 1\nholds: []\n' : `version: 1\nholds:\n${lines.join('\n')}\n`;
}

function writtenHold({ id, untilMs, jobs, created, match }: HoldDescription): object {
  return {
    id,
    reason: 'A case that nobody may hear of',
    until: untilMs === 'indefinite' ? untilMs : instant(untilMs),
    match: {
      ...match,
      ...(jobs && { jobs }),
      ...(created && {
        created: {
          ...(created.fromMs !== undefined && { from: instant(created.fromMs) }),
          ...(created.toMs !== undefined && { to: instant(created.toMs) }),
        },
      }),
    },
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
