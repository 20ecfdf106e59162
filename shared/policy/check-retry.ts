import { isGoogleAgent } from '../job/service-account.ts';
import { statementForm } from '../job/statement-form.ts';
import { ATTEMPT_LABEL, ORIGIN_LABEL } from '../retry/retry-labels.ts';
import { statementObjection } from '../retry/statement-writes.ts';
import { checkCaps } from './check-caps.ts';
import { checkRetryTimes } from './check-retry-times.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { compileGlob } from './glob.ts';
import { keyPlace, placeOf } from './located.ts';

/** A policy with `retry`: whether it does what its owner is likely to mean. */
export function checkRetry(policy: CheckedPolicy): void {
  checkOneVerb(policy);
  checkRetryTimes(policy);
  checkCaps(policy);
  checkLabels(policy);
  checkOwnLabels(policy);
  checkAccounts(policy);
  checkBreadth(policy);
  checkNeverRetried(policy);
  checkStatements(policy);
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

/** Two of one name there cannot be. */
function checkOwnLabels({ entry, root, path, faults }: CheckedPolicy): void {
  for (const key of [ORIGIN_LABEL, ATTEMPT_LABEL]) {
    if (entry.retry?.guards?.labels?.has(key) !== true) continue;
    const message = `policy "${entry.name}" would label retries with "${key}", which the watchdog sets itself, to tell people of what a job is a retry`;
    faults.warning(keyPlace(root, [...path, 'retry', 'guards', 'labels'], key), message, {
      value: key,
      allowed: 'a label of another name',
    });
  }
}

const NAMING_SOME = 'accounts, or patterns that name some: etl-*@my-project.iam.gserviceaccount.com';

/** Rule 5: only accounts that the policy lists are acted as. */
function checkAccounts({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (!isSure('match', 'principals')) return;
  const listed = (entry.match?.principals ?? []).filter(mayListAccount);
  if (listed.some((pattern) => !isOfGoogle(pattern))) return;
  if (listed.length > 0) {
    const message = `policy "${entry.name}" lists only accounts of Google's own, as whom nobody else can act: what fails is only alerted, and nothing is retried`;
    faults.warning(keyPlace(root, [...path, 'match'], 'principals'), message, {
      allowed: 'accounts of your own; have a scheduled query or a transfer run as one of them',
    });
    return;
  }
  const message = `policy "${entry.name}" lists no service account in "match.principals": what fails is only alerted, and nothing is retried`;
  faults.warning(keyPlace(root, path, 'retry'), message, {
    allowed: NAMING_SOME,
  });
}

/** A letter that many names have lists nearly all accounts, though no star of it lists any. */
function checkBreadth({ entry, root, path, faults }: CheckedPolicy): void {
  for (const [index, pattern] of (entry.match?.principals ?? []).entries()) {
    if (!mayListAccount(pattern) || !takesMost(pattern)) continue;
    const message = `policy "${entry.name}" lists by "${pattern}" nearly every service account, those of any project: a job of any of them that fails is run again as that account`;
    faults.warning(placeOf(root, [...path, 'match', 'principals', index]), message, {
      value: pattern,
      allowed: NAMING_SOME,
    });
  }
}

const DOMAIN = 'gserviceaccount.com';
/** An account of any name in a project of any name: a pattern that takes it lists nobody. */
const ANY_ACCOUNT = `-@-.iam.${DOMAIN}`;

function mayListAccount(pattern: string): boolean {
  const end = pattern.toLowerCase().split('*').at(-1) ?? '';
  const isOfAccounts = end.endsWith(DOMAIN) || (pattern.includes('*') && DOMAIN.endsWith(end));
  return isOfAccounts && !compileGlob(pattern, { ignoreCase: true }).matches(ANY_ACCOUNT);
}

/** It asks for no more of a name than a letter or digit or so, and is of no project. */
function takesMost(pattern: string): boolean {
  return compileGlob(pattern, { ignoreCase: true }).matches(
    `-abcdefghijklmnopqrstuvwxyz0123456789${ANY_ACCOUNT}`,
  );
}

/** Whatever a star stands for, it is one of theirs. */
function isOfGoogle(pattern: string): boolean {
  return ['1', 'x'].every((text) => isGoogleAgent(pattern.replaceAll('*', text)));
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

/** Statement types of which no job is ever run again, or none without the owner's leave. */
function checkStatements({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (!isSure('retry', 'allowRepeatedWrites')) return;
  const isAllowed = entry.retry?.allowRepeatedWrites === true;
  for (const [index, type] of (entry.match?.statementTypes ?? []).entries()) {
    // Whether a CREATE or a MERGE may be run again depends on its text, which no policy knows.
    const { why, allowable } =
      statementObjection(type, { ...statementForm(''), repeatableMerge: true }) ?? {};
    const isNever = why === 'transaction';
    if (!isNever && (!allowable || isAllowed)) continue;
    const because = isNever ? 'its transaction has ended' : 'that takes "allowRepeatedWrites: true"';
    const message = `policy "${entry.name}" never runs ${type} again: ${because}`;
    faults.warning(placeOf(root, [...path, 'match', 'statementTypes', index]), message, { value: type });
  }
}
