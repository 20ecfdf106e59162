import { Redacted, type RedactionOptions } from '../job/redacted.ts';
import { type Family, membersOf } from '../judge/family.ts';
import type { SensitiveReason } from '../judge/purge-verdict.ts';
import type { PurgeFound } from '../ledger/ledger.ts';
import { fieldText } from '../sensitive/field-text.ts';

/** What makes a family sensitive, in words that may be stored and told: with a key also a hash of each whole field. */
export function foundIn(
  family: Family,
  because: readonly SensitiveReason[],
  { redactionKey }: RedactionOptions,
): readonly PurgeFound[] {
  const members = membersOf(family);
  return because.map(({ detector, field, memberAt }) => {
    if (!redactionKey) return { detector, field };
    const text = fieldText(members[memberAt]?.resource, field);
    return text === ''
      ? { detector, field }
      : { detector, field, hash: String(new Redacted(text, redactionKey)) };
  });
}
