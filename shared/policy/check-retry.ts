import type { CheckedPolicy } from './checked-policy.ts';
import { compileGlob } from './glob.ts';
import { keyPlace, placeOf } from './located.ts';

/** A policy with `retry`: whether it does what its owner is likely to mean. */
export function checkRetry(policy: CheckedPolicy): void {
  checkOneVerb(policy);
  checkBackoff(policy);
  checkLabels(policy);
  checkAccounts(policy);
  checkNeverRetried(policy);
}

/** A policy is of one verb: a limit is crossed by jobs that run, and a retry answers jobs that failed. */
function checkOneVerb({ entry, root, path, faults }: CheckedPolicy): void {
  for (const key of ['limit', 'action'] as const) {
    if (entry[key] === undefined) continue;
    const message = `policy "${entry.name}" has "${key}" beside "retry": one is about jobs that run, the other about jobs that failed`;
    faults.fault(keyPlace(root, path, key), message, {
      value: key,
      allowed: `a policy of its own for "${key}"`,
    });
  }
}

function checkBackoff({ entry, root, path, faults }: CheckedPolicy): void {
  const { initial, max } = entry.retry?.backoff ?? {};
  if (initial === undefined || max === undefined || initial <= max) return;
  const message = `policy "${entry.name}" would wait longer at first ("initial") than at most ("max")`;
  faults.fault(keyPlace(root, [...path, 'retry', 'backoff'], 'max'), message, {
    allowed: 'a "max" that is not below "initial"',
  });
}

/** What BigQuery takes as a label [doc: labels-intro.md]. */
const LABEL_KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

function checkLabels({ entry, root, path, faults }: CheckedPolicy): void {
  const inside = [...path, 'retry', 'guards', 'labels'];
  for (const [key, value] of entry.retry?.guards?.labels ?? []) {
    for (const [text, form, place] of [
      [key, LABEL_KEY, keyPlace(root, inside, key)],
      [value, LABEL_VALUE, placeOf(root, [...inside, key])],
    ] as const) {
      if (form.test(text)) continue;
      const message = `policy "${entry.name}" would label retries with "${text}", which BigQuery does not take`;
      const nearest = text.toLowerCase();
      faults.fault(place, message, {
        value: text,
        allowed: 'at most 63 lower case letters, digits, "_" and "-"; a key begins with a letter',
        ...(form.test(nearest) && { nearest }),
      });
    }
  }
}

/** Rule 5: only accounts that the policy lists are acted as. */
function checkAccounts({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (!isSure('match', 'principals')) return;
  if ((entry.match?.principals ?? []).some(mayListAccount)) return;
  const message = `policy "${entry.name}" lists no service account in "match.principals": what fails is only alerted, and nothing is retried`;
  faults.warning(keyPlace(root, path, 'retry'), message, {
    allowed: 'accounts, or patterns that name some: etl-*@my-project.iam.gserviceaccount.com',
  });
}

const DOMAIN = 'gserviceaccount.com';
/** An account of any name in a project of any name: a pattern that takes it lists nobody. */
const ANY_ACCOUNT = `-@-.iam.${DOMAIN}`;

function mayListAccount(pattern: string): boolean {
  const end = pattern.toLowerCase().split('*').at(-1) ?? '';
  const isOfAccounts = end.endsWith(DOMAIN) || (pattern.includes('*') && DOMAIN.endsWith(end));
  return isOfAccounts && !compileGlob(pattern, { ignoreCase: true }).matches(ANY_ACCOUNT);
}

/** What no policy can have retried (docs/retry.md). */
function checkNeverRetried({ entry, root, path, faults }: CheckedPolicy): void {
  for (const [key, what] of [
    ['continuous', 'continuous queries'],
    ['dryRun', 'dry runs'],
  ] as const) {
    if (entry.match?.[key] !== true) continue;
    const message = `policy "${entry.name}" can only meet ${what}, which are never retried`;
    faults.warning(keyPlace(root, [...path, 'match'], key), message);
  }
}
