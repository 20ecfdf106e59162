import * as z from 'zod';
import { NAMEABLE_REASONS, REASONS } from '../retry/reasons.ts';
import { parseBytes } from '../units/bytes.ts';
import { parseDuration } from '../units/duration.ts';
import { amount, Labels, listOf, numberWithin } from './entry-parts.ts';
import { nearestWord } from './nearest.ts';

// The shape of a policy's `retry` (design section 6; docs/retry.md), strict.

const MAX_ATTEMPTS = 10;
const MAX_FACTOR = 10;
const MAX_PER_HOUR = 10_000;
const MAX_DEADLINE_MS = 7 * 86_400_000;

/** A list that nobody knows could not be told from a misspelt one, so an unknown reason is a fault. */
const Reason = z.unknown().transform((value, context) => {
  if (typeof value === 'string' && NAMEABLE_REASONS.includes(value)) return value;
  const isNever = typeof value === 'string' && REASONS.has(value);
  const nearest = typeof value === 'string' && !isNever ? nearestWord(value, NAMEABLE_REASONS) : undefined;
  context.addIssue({
    code: 'custom',
    message: isNever
      ? 'is a reason that another try does not mend, and is never retried'
      : 'is no reason of a failure known to this version',
    params: { allowed: NAMEABLE_REASONS.join(', '), nearest },
  });
  return z.NEVER;
});

export const BackoffEntry = z.strictObject({
  initial: amount(parseDuration).exactOptional(),
  factor: numberWithin(
    { least: 1, most: MAX_FACTOR, whole: false },
    { problem: 'is no factor', allowed: `a number from 1 to ${MAX_FACTOR}` },
  ).exactOptional(),
  max: amount(parseDuration).exactOptional(),
});
export type BackoffEntry = z.infer<typeof BackoffEntry>;

export const GuardsEntry = z.strictObject({
  jobTimeout: amount(parseDuration).exactOptional(),
  maximumBytesBilled: amount(parseBytes).exactOptional(),
  priority: z.enum(['BATCH']).exactOptional(),
  labels: Labels.exactOptional(),
});
export type GuardsEntry = z.infer<typeof GuardsEntry>;

const PerHour = numberWithin(
  { least: 1, most: MAX_PER_HOUR },
  {
    problem: 'is no number of retries',
    allowed: `a whole number from 1 to ${MAX_PER_HOUR}; to do nothing write "mode: observe"`,
  },
);

export const CapsEntry = z.strictObject({
  perProjectPerHour: PerHour.exactOptional(),
  perPrincipalPerHour: PerHour.exactOptional(),
});
export type CapsEntry = z.infer<typeof CapsEntry>;

export const RetryEntry = z.strictObject({
  reasons: listOf(Reason).exactOptional(),
  attempts: numberWithin(
    { least: 1, most: MAX_ATTEMPTS },
    {
      problem: 'is no number of attempts',
      allowed: `a whole number from 1 to ${MAX_ATTEMPTS}; to do nothing write "mode: observe"`,
    },
  ).exactOptional(),
  backoff: BackoffEntry.exactOptional(),
  deadline: amount(parseDuration)
    .refine((ms) => ms <= MAX_DEADLINE_MS, {
      error: 'is later than anybody waits for a retry',
      params: { allowed: 'at most 7d' },
    })
    .exactOptional(),
  allowRepeatedWrites: z.boolean().exactOptional(),
  guards: GuardsEntry.exactOptional(),
  caps: CapsEntry.exactOptional(),
});
export type RetryEntry = z.infer<typeof RetryEntry>;
