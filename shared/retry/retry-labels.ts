import type { JobName } from '../job/job-name.ts';
import type { Change, Changed } from './change.ts';
import { isJsonObject, type JsonObject } from './json.ts';

/** They are for people. Anybody can set them, so nothing is decided from them. */
export const ORIGIN_LABEL = 'bq-watchdog-origin';
export const ATTEMPT_LABEL = 'bq-watchdog-attempt';

/** [doc: labels-intro.md] */
const MOST_LABELS = 64;
const LONGEST = 63;

const ADDED = 'it tells people that the job is a retry, and of what';
const WANTED = 'the policy labels what it has repeated';

export interface RetryLabels {
  readonly origin: JobName;
  readonly attempt: number;
  /** The policy's own. */
  readonly labels?: ReadonlyMap<string, string>;
}

/**
 * A configuration that says to people which job this is a retry of. The user's labels stay as they are, whatever
 * they are called, for an exemption may be among them; when there are 64, there is no room for ours.
 */
export function labelled(configuration: JsonObject, { origin, attempt, labels }: RetryLabels): Changed {
  const given = configuration['labels'];
  const wanted: readonly (readonly [string, string, string])[] = [
    [ORIGIN_LABEL, origin.jobId, ADDED],
    [ATTEMPT_LABEL, String(attempt), ADDED],
    ...[...(labels ?? [])].map(([key, value]) => [labelKey(key), value, WANTED] as const),
  ];
  const before = isJsonObject(given) ? given : {};
  const after = wanted.reduce<Changed>(
    (so, [key, text, because]) => withLabel(so, key, labelText(text), because),
    { object: before, changes: [] },
  );
  return after.changes.length === 0
    ? { object: configuration, changes: [] }
    : { object: { ...configuration, labels: after.object }, changes: after.changes };
}

function withLabel({ object, changes }: Changed, key: string, value: string, because: string): Changed {
  const hasRoom = Object.keys(object).length < MOST_LABELS;
  if (key === '' || !hasRoom || Object.hasOwn(object, key)) return { object, changes };
  const change: Change = { path: `configuration.labels.${key}`, kind: 'added', because };
  return { object: { ...object, [key]: value }, changes: [...changes, change] };
}

/** A text as a label may have it: lower case, letters, digits, `_` and `-`, at most 63 of them. */
export function labelText(text: string): string {
  const valid = text.toLowerCase().replaceAll(/[^\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]/gu, '_');
  return [...valid].slice(0, LONGEST).join('');
}

/** A key begins with a letter; empty when nothing of it is left. */
export function labelKey(text: string): string {
  return labelText(text.toLowerCase().replace(/^[^\p{Ll}\p{Lo}]+/u, ''));
}
