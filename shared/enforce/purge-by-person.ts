import { heldBy } from '../judge/held.ts';
import type { PurgeVerdict } from '../judge/purge-verdict.ts';
import { retryFirstUntilMs } from '../judge/retry-first.ts';
import type { Judge } from './purge-look.ts';
import { BY_HAND } from './without-policy.ts';

/**
 * A person judged, and no policy is asked what is to be purged. Legal holds bind them as well, and so does a retry that
 * is under way, or that the policies will have.
 *
 * @param sentence who wants it, for people
 */
export function byPerson(sentence: string): Judge {
  return {
    mayTake: () => true,
    judge: (family, policies, { nowMs, holds, chain }): PurgeVerdict => {
      const { endTimeMs: endedAtMs = nowMs } = family.root.job;
      const finding = {
        policy: BY_HAND,
        mode: 'enforce',
        because: [],
        dueAtMs: endedAtMs,
        sentence,
      } as const;
      const held = heldBy(family, holds, nowMs);
      const told = { findings: [finding], undecided: [] };
      if (held) return { ...told, held };
      const untilMs = retryFirstUntilMs(family, policies, { nowMs, endedAtMs, chain });
      const dueAtMs = Math.max(endedAtMs, untilMs);
      const waits = untilMs > nowMs ? { waits: { why: 'retry', untilMs } as const } : {};
      return { ...told, act: { verb: 'purge', policy: BY_HAND, dueAtMs }, ...waits };
    },
  };
}
