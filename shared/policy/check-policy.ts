import { ALL_LIMITS } from '../limits/all-limits.ts';
import { checkCost } from './check-cost.ts';
import { checkPurge } from './check-purge.ts';
import { checkRetry } from './check-retry.ts';
import { checkSelector } from './check-selector.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { covers, narrowsNothing, takesEverything } from './coverage.ts';
import { keyPlace, placeOf } from './located.ts';
import type { SelectorEntry } from './policy.schema.ts';

/** What no schema can say: whether a policy does what its owner is likely to mean. */
export function checkPolicy(policy: CheckedPolicy): void {
  const { entry, path, aside } = policy;
  if (entry.match) checkSelector(policy, entry.match, [...path, 'match'], 'match');
  for (const [index, except] of (entry.except ?? []).entries()) {
    checkExcept(policy, except, index);
  }
  if (aside) return;
  const isPurge = entry.purge !== undefined || entry.sensitive !== undefined;
  if (entry.retry !== undefined) checkRetry(policy);
  if (isPurge) checkPurge(policy);
  if (entry.retry !== undefined || isPurge) return;
  checkAction(policy);
  checkLimit(policy);
  checkCost(policy);
  checkCopyJobs(policy);
  checkScope(policy);
}

function checkAction({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (entry.action !== undefined || !isSure('action') || mayBeOfOtherVerb(isSure)) return;
  faults.fault(placeOf(root, [...path, 'name']), `policy "${entry.name}" has no "action"`, {
    allowed: 'alert, cancel; or a "retry" or a "purge" instead',
  });
}

/** Whether the fault of what was written may hide a `retry` or a `purge`. */
function mayBeOfOtherVerb(isSure: CheckedPolicy['isSure']): boolean {
  return !['retry', 'purge', 'sensitive'].every((key) => isSure(key));
}

function checkLimit({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  const { limit } = entry;
  if (limit === undefined) return;
  const given = ALL_LIMITS.filter(({ key }) => key in limit);
  if (given.length === 0 && limit.basis === undefined && isSure('limit')) {
    const allowed = `at least one of ${ALL_LIMITS.map(({ key }) => key).join(', ')}`;
    const what = limit.warnAt === undefined ? 'an empty "limit"' : 'a "warnAt" without a limit to warn of';
    faults.fault(keyPlace(root, path, 'limit'), `policy "${entry.name}" has ${what}`, { allowed });
  }
  const types = entry.match?.jobTypes;
  for (const { key, jobTypes } of given) {
    if (types === undefined || jobTypes === undefined || types.some((type) => jobTypes.includes(type)))
      continue;
    const message = `policy "${entry.name}" never crosses "limit.${key}": ${types.join(', ')} jobs do not have it`;
    faults.warning(keyPlace(root, [...path, 'limit'], key), message);
  }
}

/** A copy job does not stop when it is cancelled [doc: managing-tables.md; design, rule 7]. */
function checkCopyJobs({ entry, root, path, faults }: CheckedPolicy): void {
  const types = entry.match?.jobTypes;
  if (entry.action !== 'cancel' || types === undefined || types.some((type) => type !== 'COPY')) return;
  const message = `policy "${entry.name}" can only meet copy jobs, and a copy job cannot be stopped: it will be alerted, not cancelled`;
  faults.warning(keyPlace(root, path, 'action'), message, { nearest: 'action: alert' });
}

/** Without a limit the match is all that stands between a policy and every job there is. */
function checkScope({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (entry.limit !== undefined || !isSure('limit') || mayBeOfOtherVerb(isSure)) return;
  if (!isSure('match') || !narrowsNothing(entry.match ?? {})) return;
  const place = placeOf(root, [...path, 'name']);
  const what = `policy "${entry.name}" has neither a limit nor a match that narrows it: it fires on every job`;
  const allowed = 'a "limit", or a "match" that names some jobs';
  if (entry.action === 'cancel') faults.fault(place, `${what} and would cancel it`, { allowed });
  else if (entry.action === 'alert') faults.warning(place, what, { allowed });
}

function checkExcept(policy: CheckedPolicy, except: SelectorEntry, index: number): void {
  const { entry, root, faults, isSure } = policy;
  const path = [...policy.path, 'except', index];
  const place = placeOf(root, path);
  const isWhole = isSure('except', index);
  if (isWhole && takesEverything(except)) {
    faults.fault(
      place,
      `policy "${entry.name}" has an "except" that exempts every job: it could never fire`,
      {
        allowed: 'an "except" that names some jobs; or leave the policy out',
      },
    );
    return;
  }
  checkSelector(policy, except, path, 'except');
  if (!isWhole) return;
  const keys = Object.keys(except);
  if (keys.length === 1 && except.labels !== undefined) {
    const message = `policy "${entry.name}" exempts by labels alone, and any user can set a label: name principals or projects beside them`;
    faults.warning(place, message);
  }
  if (entry.match !== undefined && covers(except, entry.match)) {
    faults.warning(
      place,
      `policy "${entry.name}" never fires: this "except" asks nothing beyond its "match"`,
    );
  }
}
