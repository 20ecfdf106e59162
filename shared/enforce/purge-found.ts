import { Redacted, type RedactionOptions } from '../job/redacted.ts';
import type { Family } from '../judge/family.ts';
import { foundText } from '../judge/found-by.ts';
import type { SensitiveReason } from '../judge/purge-verdict.ts';
import type { PurgeFound } from '../ledger/ledger.ts';

/** What makes a family sensitive, in words that may be stored and told: with a key also a hash of each whole field. */
export function foundIn(
  family: Family,
  because: readonly SensitiveReason[],
  { redactionKey }: RedactionOptions,
): readonly PurgeFound[] {
  return because.map((reason) => {
    const { detector, field } = reason;
    const text = redactionKey ? foundText(family, reason) : undefined;
    return text === undefined
      ? { detector, field }
      : { detector, field, hash: String(new Redacted(text, redactionKey)) };
  });
}
