import type { Break } from './break.ts';

/** What must never be broken when metadata is deleted. */
export const PURGES: readonly Break[] = [
  {
    name: 'holds hold nothing',
    rule: 'rule 6: holds',
    file: 'shared/judge/held.ts',
    from: 'if (candidates.some((candidate) => takes(hold, candidate))) longest = hold;',
    to: 'if (candidates.slice(0, 0).some((candidate) => takes(hold, candidate))) longest = hold;',
  },
  {
    name: 'right before a delete nobody reads the holds again',
    rule: 'rule 6: holds',
    file: 'shared/enforce/ask-purge.ts',
    from: 'return (await ports.holds.latest()).generation === holds?.generation;',
    to: 'return holds !== undefined;',
  },
  {
    name: 'holds that cannot be read are none',
    rule: 'rule 6: holds',
    file: 'shared/enforce/open-holds.ts',
    from: 'if (isHoldsUnreadable(error)) await this.#tell(error);',
    to: 'if (isHoldsUnreadable(error)) return NO_HOLDS;',
  },
  {
    name: 'right before a delete nobody reads the policies again',
    rule: 'section 2',
    file: 'shared/enforce/ask-purge.ts',
    from: 'if ((await ports.policies.latest()) !== policies) return false;',
    to: '',
  },
  {
    name: 'what a child holds is not seen',
    rule: 'rule 6: family',
    file: 'shared/judge/judge-purge.ts',
    from: 'const found = foundBy(members, detectors);',
    to: 'const found = foundBy(members.slice(0, 1), detectors);',
  },
  {
    name: 'a job is purged as soon as it ends',
    rule: 'rule 6',
    file: 'shared/judge/purge-finding.ts',
    from: 'dueAtMs: endedAtMs + waitMs,',
    to: 'dueAtMs: endedAtMs + Math.min(waitMs, 0),',
  },
  {
    name: 'retries do not go first',
    rule: 'rule 6: chains',
    file: 'shared/judge/retry-first.ts',
    from: "if (chain.kind === 'over') return 0;",
    to: "if (chain.kind !== 'origin-stands') return 0;",
  },
  {
    name: 'attempts go before the job that they repeat',
    rule: 'rule 6: origin first',
    file: 'shared/judge/retry-first.ts',
    from: "if (chain.kind === 'origin-stands') return chain.untilMs;",
    to: "if (chain.kind === 'origin-stands') return 0;",
  },
  {
    name: 'what was asked for counts as gone',
    rule: 'rule 6: certificates',
    file: 'shared/enforce/pursue-purge.ts',
    from: "if (seen === 'gone') return endPurged(",
    to: "if (seen !== 'child') return endPurged(",
  },
  {
    name: 'that the job was there is not written before the delete',
    rule: 'rule 6: certificates',
    file: 'shared/enforce/ask-purge.ts',
    from: "const change = { state: 'asked', askedAtMs, policy: finding.policy, finding, purge } as const;",
    to: "const change = { state: 'asked', askedAtMs, policy: finding.policy, finding, ...(purge && {}) } as const;",
  },
  {
    name: 'nothing is certified',
    rule: 'rule 6: certificates',
    file: 'shared/enforce/end-purge.ts',
    from: 'await record(held, change, rows, ports, certificate);',
    to: 'await record(held, change, rows, ports);',
  },
  {
    name: 'purges take no slots',
    rule: 'rule 8',
    file: 'shared/enforce/purge-turn.ts',
    from: 'const taken = await takeSlot(policy, claim.key, ports);',
    to: "const taken: string = takeSlot.name === '' ? 'open' : 'taken';",
  },
];
