import type { Mode, Policies } from './policy.ts';

/** The file as if every policy of it had this mode. */
export function withMode(policies: Policies, mode: Mode): Policies {
  return {
    ...policies,
    cancel: policies.cancel.map((policy) => ({ ...policy, mode })),
    retry: policies.retry.map((policy) => ({ ...policy, mode })),
    purge: policies.purge.map((policy) => ({ ...policy, mode })),
  };
}
