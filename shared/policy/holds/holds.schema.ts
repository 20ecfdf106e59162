import * as z from 'zod';
import { JobNameError } from '../../job/errors.ts';
import { type JobName, parseJobName } from '../../job/job-name.ts';
import { amount, formed, listOf, Text } from '../entry-parts.ts';
import { SelectorEntry } from '../policy.schema.ts';
import { endOfHold, firstMoment, lastMoment } from './moments.ts';

// The shape of the file of legal holds (docs/purge.md), strict.

const MAX_REASON = 1_024;

/** Ids stand in alerts and on the command line. */
const Id = formed(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
  'is no id for a hold',
  'at most 63 letters, digits, "-", "_" and ".", with a letter or digit first',
);

const NAMES = 'PROJECT:LOCATION.JOB_ID, or PROJECT:JOB_ID for any location';

const HeldJob = z.unknown().transform((value, context): JobName => {
  try {
    return parseJobName(typeof value === 'string' ? value : '');
  } catch (error) {
    if (!(error instanceof JobNameError)) throw error;
    const message = `is no job's name: ${error.fault}`;
    context.addIssue({ code: 'custom', message, params: { allowed: NAMES } });
    return z.NEVER;
  }
});

export const CreatedEntry = z.strictObject({
  from: amount(firstMoment).exactOptional(),
  to: amount(lastMoment).exactOptional(),
});
export type CreatedEntry = z.infer<typeof CreatedEntry>;

export const HoldMatchEntry = SelectorEntry.extend({
  jobs: listOf(HeldJob).exactOptional(),
  created: CreatedEntry.exactOptional(),
});
export type HoldMatchEntry = z.infer<typeof HoldMatchEntry>;

export const HoldEntry = z.strictObject({
  id: Id,
  reason: z.string().min(1).max(MAX_REASON),
  until: amount(endOfHold),
  by: Text.exactOptional(),
  match: HoldMatchEntry,
});
export type HoldEntry = z.infer<typeof HoldEntry>;

export const HoldsFile = z.strictObject({
  version: z.literal(1),
  /** Each is a `HoldEntry`, read one by one, so that a fault in one hides no fault in another. */
  holds: z.array(z.unknown()),
});
export type HoldsFile = z.infer<typeof HoldsFile>;
