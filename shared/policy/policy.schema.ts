import * as z from 'zod';
import { EDITIONS } from '../cost/price-table.ts';
import { ALL_LIMITS } from '../limits/all-limits.ts';
import { parseAmount } from '../units/amount.ts';
import { parseDuration } from '../units/duration.ts';
import { parsePercent } from '../units/percent.ts';
import { Acts, amount, formed, Labels, listOf, numberWithin, Text } from './entry-parts.ts';
import { LATER_POLICY_KEYS } from './later.ts';
import { PurgeEntry, SensitiveEntry } from './purge.schema.ts';
import { RetryEntry } from './retry.schema.ts';
import { STATEMENT_TYPES } from './statement-types.ts';

// The shape of the policy file (design section 6), strict: an unknown key is a fault. Amounts come out as
// numbers in their unit (milliseconds, bytes, US dollars, slots, parts of one), single values as lists.

const MAX_PRICE = 1_000_000;

const WARN_AT_FORMS = 'a percentage above 0% and below 100%, such as 80%';
const BELOW_ALL = { error: 'is all of the limit', params: { allowed: WARN_AT_FORMS } };

/** Names stand in alert attributes, in the ledger's keys and on the command line. */
const Name = formed(
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/,
  'is no name for a policy',
  'at most 63 letters, digits, "-", "_" and ".", with a letter or digit first',
);

const Location = formed(
  /^[A-Za-z0-9-]{1,63}$/,
  'is no location',
  'a location as BigQuery names it, such as US, EU or europe-west2, without *',
);

const StatementType = formed(
  /^[A-Z][A-Z_]{0,62}$/,
  'is no statement type',
  'a statement type as BigQuery names it, such as SELECT, MERGE or SCRIPT',
  STATEMENT_TYPES,
);

export const SelectorEntry = z.strictObject({
  projects: listOf(Text).exactOptional(),
  locations: listOf(Location).exactOptional(),
  principals: listOf(Text).exactOptional(),
  jobTypes: listOf(z.enum(['QUERY', 'LOAD', 'EXTRACT', 'COPY'])).exactOptional(),
  statementTypes: listOf(StatementType).exactOptional(),
  priority: listOf(z.enum(['INTERACTIVE', 'BATCH'])).exactOptional(),
  labels: Labels.exactOptional(),
  reservations: listOf(Text).exactOptional(),
  editions: listOf(z.enum(EDITIONS)).exactOptional(),
  referencedTables: listOf(Text).exactOptional(),
  destinationTables: listOf(Text).exactOptional(),
  continuous: z.boolean().exactOptional(),
  dryRun: z.boolean().exactOptional(),
});
export type SelectorEntry = z.infer<typeof SelectorEntry>;

/** Words of a later version: whatever stands there is that version's to check. */
function later(keys: readonly string[]) {
  return Object.fromEntries(keys.map((key) => [key, z.unknown().exactOptional()]));
}

export const LimitEntry = z.strictObject({
  ...Object.fromEntries(
    ALL_LIMITS.map(({ key, unit }) => [key, amount((text) => parseAmount(unit, text)).exactOptional()]),
  ),
  /** What `cost` may rest on besides what is known to have been spent. */
  basis: z.enum(['estimate']).exactOptional(),
  warnAt: amount(parsePercent, WARN_AT_FORMS)
    .refine((part) => part < 1, BELOW_ALL)
    .exactOptional(),
});
export type LimitEntry = z.infer<typeof LimitEntry>;

export const BreakerEntry = z.strictObject({
  acts: Acts.exactOptional(),
  per: amount(parseDuration).exactOptional(),
  share: amount(parsePercent).exactOptional(),
});
export type BreakerEntry = z.infer<typeof BreakerEntry>;

const Price = numberWithin(
  { least: 0, most: MAX_PRICE, whole: false },
  { problem: 'is no price', allowed: 'a number of US dollars from 0, without a unit, such as 6.25' },
);

/** What is not given stays at the list price. */
export const LocationPricesEntry = z.strictObject({
  usdPerTiB: Price.exactOptional(),
  usdPerSlotHour: z.partialRecord(z.enum(EDITIONS), Price).exactOptional(),
});
export type LocationPricesEntry = z.infer<typeof LocationPricesEntry>;

/** By location, in any case. */
export const PricingEntry = z.record(z.string(), LocationPricesEntry);
export type PricingEntry = z.infer<typeof PricingEntry>;

const ModeEntry = z.enum(['enforce', 'observe']);

export const PolicyEntry = z.strictObject({
  name: Name,
  mode: ModeEntry.exactOptional(),
  match: SelectorEntry.exactOptional(),
  except: listOf(SelectorEntry).exactOptional(),
  limit: LimitEntry.exactOptional(),
  action: z.enum(['alert', 'cancel']).exactOptional(),
  breaker: BreakerEntry.exactOptional(),
  retry: RetryEntry.exactOptional(),
  sensitive: SensitiveEntry.exactOptional(),
  purge: PurgeEntry.exactOptional(),
  ...later(LATER_POLICY_KEYS),
});
export type PolicyEntry = z.infer<typeof PolicyEntry>;

export const PolicyFile = z.strictObject({
  version: z.literal(1),
  mode: ModeEntry.exactOptional(),
  breaker: BreakerEntry.exactOptional(),
  pricing: PricingEntry.exactOptional(),
  /** Each is a `PolicyEntry`, read one by one, so that a fault in one hides no fault in another. */
  policies: z.array(z.unknown()),
});
export type PolicyFile = z.infer<typeof PolicyFile>;
