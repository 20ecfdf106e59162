import { checkSensitive } from './check-sensitive.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { keyPlace } from './located.ts';

/** A policy with `purge` or `sensitive`: whether it does what its owner is likely to mean. */
export function checkPurge(policy: CheckedPolicy): void {
  checkOneVerb(policy);
  checkBoth(policy);
  checkHistory(policy);
  checkShare(policy);
  checkSensitive(policy);
}

const ABOUT_RUNNING = 'one is about jobs that run, the other about jobs that ended';

/** A policy is of one verb. What stands beside a `retry` is that verb's to tell. */
function checkOneVerb({ entry, root, path, faults }: CheckedPolicy): void {
  const others = entry.retry === undefined ? (['limit', 'action'] as const) : (['retry'] as const);
  for (const key of others) {
    if (entry[key] === undefined) continue;
    const verb = entry.purge === undefined ? 'sensitive' : 'purge';
    const because = key === 'retry' ? 'one runs jobs again, the other deletes them' : ABOUT_RUNNING;
    faults.fault(
      keyPlace(root, path, key),
      `policy "${entry.name}" has "${key}" beside "${verb}": ${because}`,
      {
        value: key,
        allowed: `a policy of its own for "${key}"`,
      },
    );
  }
}

/** Which jobs, and what is done about them: neither means anything alone. */
function checkBoth({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  if (entry.sensitive === undefined && isSure('sensitive')) {
    const message = `policy "${entry.name}" has a "purge" and does not say which jobs are sensitive`;
    faults.fault(keyPlace(root, path, 'purge'), message, {
      allowed: 'a "sensitive" beside it, such as sensitive: { detectors: [credentials] }',
    });
  }
  if (entry.purge === undefined && isSure('purge')) {
    const message = `policy "${entry.name}" says which jobs are sensitive and has no "purge"`;
    faults.fault(keyPlace(root, path, 'sensitive'), message, {
      allowed: 'a "purge" beside it, such as purge: {}; with "mode: observe" people are only told',
    });
  }
}

/** Whoever lets months of jobs be purged says how many at a time. */
function checkHistory({ entry, root, path, faults, isSure }: CheckedPolicy): void {
  const { history } = entry.purge ?? {};
  if (history === undefined || history.acts !== undefined || !isSure('purge', 'history', 'acts')) return;
  const message = `policy "${entry.name}" has a "history" without "acts": how many jobs of the past may be purged`;
  faults.fault(keyPlace(root, [...path, 'purge'], 'history'), message, {
    allowed: 'history: { acts: 500, per: 24h }; without "history" its clean-up only reports',
  });
}

function checkShare({ entry, root, path, faults }: CheckedPolicy): void {
  if (entry.breaker?.share === undefined) return;
  const message = `policy "${entry.name}" has a "share", by which only cancels are weighed: its "acts" alone bound what is purged`;
  faults.warning(keyPlace(root, [...path, 'breaker'], 'share'), message);
}
