import type { JsonObject } from './json.ts';
import type { RefusalCode } from './refusal.ts';

/** One difference between the job that failed and the one that is inserted; nothing in it is the job's own text. */
export interface Change {
  /** Such as `configuration.query.destinationTable`; `{}` stands for any name and `[]` for any item. */
  readonly path: string;
  readonly kind: 'removed' | 'set' | 'added';
  readonly because: string;
}

export interface Changed {
  readonly object: JsonObject;
  readonly changes: readonly Change[];
}

export interface Refused {
  readonly kind: 'refused';
  readonly why: RefusalCode;
  readonly sentence: string;
}

/** One change after the other; what they tell is gathered. */
export function changedBy(object: JsonObject, steps: readonly ((object: JsonObject) => Changed)[]): Changed {
  return steps.reduce<Changed>(
    (before, step) => {
      const after = step(before.object);
      return { object: after.object, changes: [...before.changes, ...after.changes] };
    },
    { object, changes: [] },
  );
}
