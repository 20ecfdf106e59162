import type { JobName } from '../job/job-name.ts';
import type { Family } from '../judge/family.ts';
import { judgePurge, type PurgeFacts } from '../judge/judge-purge.ts';
import { mayBeSensitive } from '../judge/nominate-purge.ts';
import type { PurgeVerdict } from '../judge/purge-verdict.ts';
import { type Holds, NO_HOLDS } from '../policy/holds/holds.ts';
import type { Policies } from '../policy/policy.ts';
import { chainStateOf } from './chain-state.ts';
import {
  type FamilyLook,
  familyOf,
  type LookedTop,
  lookAtChildren,
  lookAtTop,
  type TopLook,
} from './family-look.ts';
import { isHoldsUnreadable } from './open-holds.ts';
import type { Span } from './ports.ts';
import type { PurgePorts } from './purge-ports.ts';

/** Who says what is to be purged: the policies (`judgePurge`), or a person. */
export interface Judge {
  /** Whether what a look tells of the top-level job alone lets it be sensitive. */
  mayTake(root: FamilyLook['root'], policies: Policies): boolean;
  judge(family: Family, policies: Policies, facts: PurgeFacts): PurgeVerdict;
}

export const BY_POLICIES: Judge = {
  mayTake: ({ job }, policies) => mayBeSensitive(job, policies),
  judge: judgePurge,
};

/** A family, judged by the policies and holds then in force at BigQuery's own time. */
export interface JudgedFamily {
  readonly kind: 'judged';
  readonly look: FamilyLook;
  readonly policies: Policies;
  /** Absent: nobody can tell; `fault` says why. People were told. What is on hold by the verdict then is unknown. */
  readonly holds?: Holds;
  readonly fault?: string;
  readonly verdict: PurgeVerdict;
}

export type PurgeLook = JudgedFamily | Exclude<LookedTop, TopLook>;

/**
 * A look at a job and its children, then the verdict. It only reads.
 *
 * @param seenBefore ids of children that earlier looks found
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a ForbiddenError has been
 * alerted
 */
export async function lookToPurge(
  name: JobName,
  span: Span,
  ports: PurgePorts,
  judge: Judge = BY_POLICIES,
  seenBefore: readonly string[] = [],
): Promise<PurgeLook> {
  const top = await lookAtTop(name, span, ports);
  if (top.kind !== 'top') return top;
  const policies = await ports.policies.latest();
  const look = judge.mayTake(top.root, policies)
    ? await lookAtChildren(top, seenBefore, span, ports)
    : alone(top);
  return look ? judgeFamily(look, policies, judge, span, ports) : { kind: 'gone' };
}

/** What no policy takes needs no look at its children. */
function alone(top: TopLook): FamilyLook {
  return { ...top, kind: 'family' };
}

/** Holds and chains are asked for only where there is something to keep: most jobs are not sensitive. */
async function judgeFamily(
  look: FamilyLook,
  policies: Policies,
  judge: Judge,
  span: Span,
  ports: PurgePorts,
): Promise<JudgedFamily> {
  const { root, nowMs } = look;
  const none = { kind: 'judged', look, policies, holds: NO_HOLDS } as const;
  const family = familyOf(look);
  const bare = judge.judge(family, policies, { nowMs, holds: NO_HOLDS, chain: { kind: 'over' } });
  if (bare.findings.length === 0) return { ...none, verdict: bare };
  const chain = await chainStateOf(root, nowMs, policies, span, ports);
  const { fault, holds } = await readHolds(ports);
  const verdict = judge.judge(family, policies, { nowMs, holds: holds ?? NO_HOLDS, chain });
  return {
    kind: 'judged',
    look,
    policies,
    verdict,
    ...(holds && { holds }),
    ...(fault !== undefined && { fault }),
  };
}

async function readHolds({
  holds,
}: PurgePorts): Promise<{ readonly holds?: Holds; readonly fault?: string }> {
  try {
    return { holds: await holds.latest() };
  } catch (error) {
    if (isHoldsUnreadable(error)) return { fault: error.message };
    throw error;
  }
}
