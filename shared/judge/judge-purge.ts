import type { JobField } from '../job/job.ts';
import type { Holds } from '../policy/holds/holds.ts';
import type { Policies, PurgePolicy } from '../policy/policy.ts';
import type { Detector } from '../sensitive/detector.ts';
import { detectorsOf } from './detectors-of.ts';
import { exemptByNature, type Nature, natureOf } from './exempt.ts';
import { type Family, type Member, membersOf } from './family.ts';
import { type FoundBy, foundBy } from './found-by.ts';
import { heldBy } from './held.ts';
import { type Match, matchAny, matchSelector } from './match.ts';
import { toPurgeFinding } from './purge-finding.ts';
import type { PurgeFinding, PurgeVerdict, UndecidedPurge } from './purge-verdict.ts';
import { type ChainState, retryFirstUntilMs } from './retry-first.ts';
import { sensitiveByKeys } from './sensitive-by-keys.ts';

export type { ChainState } from './retry-first.ts';

/** Everything besides the family and the policies that a verdict on a purge may rest on. */
export interface PurgeFacts {
  readonly nowMs: number;
  readonly holds: Holds;
  readonly chain: ChainState;
}

const NOTHING: PurgeVerdict = { findings: [], undecided: [] };

/**
 * What the policies say of deleting the metadata of a job that ended, with that of its children. Pure, deterministic,
 * total. What even whole `jobs.get` answers do not tell leaves a policy undecided. A child says nothing by itself: it
 * leads to its parent.
 */
export function judgePurge(
  family: Family,
  policies: Pick<Policies, 'purge' | 'retry'>,
  facts: PurgeFacts,
): PurgeVerdict {
  const { state, parent, endTimeMs } = family.root.job;
  if (state !== 'DONE' || parent) return NOTHING;
  const members = membersOf(family);
  const natures = members.map(({ job }) => natureOf(job, true));
  const asked = policies.purge.flatMap((policy) => ask(policy, natures));
  const detectors = asked.flatMap((one) => one.detectors);
  const found = foundBy(members, detectors);
  const opinions = asked.map((one) => opine(one, members, found));
  const findings = opinions.flatMap(({ finding }) => finding ?? []).toSorted(byPrecedence);
  const undecided = opinions.flatMap(({ undecided: one }) => one ?? []);
  return { findings, ...consequence(findings[0], endTimeMs, family, policies, facts), undecided };
}

/** A policy that may be about a family, and what is lacking to be sure. */
interface Asked {
  readonly policy: PurgePolicy;
  readonly detectors: readonly Detector[];
  readonly lacks: readonly JobField[];
}

/** The match is about the top-level job; what exempts one member exempts all, for they go together. */
function ask(policy: PurgePolicy, natures: readonly Nature[]): readonly Asked[] {
  const [root] = natures;
  if (root === undefined) return [];
  const match = matchSelector(policy.match, root.job);
  if (match.kind === 'no') return [];
  const exempting = natures.flatMap((nature) => [
    matchAny(policy.excepts, nature.job),
    exemptByNature(nature, policy),
  ]);
  if (exempting.some(({ kind }) => kind === 'yes')) return [];
  const lacks = [match, ...exempting].flatMap(lackedBy);
  return [{ policy, detectors: detectorsOf(policy.rule.sensitive), lacks }];
}

function lackedBy(part: Match): readonly JobField[] {
  return part.kind === 'unknown' ? part.lacks : [];
}

/** What one policy says; nothing when it does not take the family for sensitive. */
interface Opinion {
  readonly finding?: PurgeFinding;
  readonly undecided?: UndecidedPurge;
}

function opine({ policy, detectors, lacks }: Asked, members: readonly Member[], found: FoundBy): Opinion {
  const { name, mode, rule } = policy;
  const byKeys = sensitiveByKeys(rule.sensitive, members);
  const because = [...detectors.flatMap((detector) => found.get(detector) ?? []), ...byKeys.reasons];
  const [root] = members;
  if (root === undefined) return {};
  const { parent, endTimeMs } = root.job;
  if (because.length === 0) {
    return byKeys.lacks.length === 0
      ? {}
      : { undecided: { policy: name, mode, fields: distinct(byKeys.lacks) } };
  }
  const fields = distinct([
    ...lacks,
    ...(parent === undefined ? (['parent'] as const) : []),
    ...(endTimeMs === undefined ? (['endTimeMs'] as const) : []),
  ]);
  if (fields.length > 0 || endTimeMs === undefined) return { undecided: { policy: name, mode, fields } };
  return { finding: toPurgeFinding(policy, root.job, endTimeMs, because) };
}

function distinct(fields: readonly JobField[]): readonly JobField[] {
  return [...new Set(fields)];
}

/** What is carried out goes first, and of that what is due first: a policy with a long wait delays no other. */
function byPrecedence(a: PurgeFinding, b: PurgeFinding): number {
  return Number(b.mode === 'enforce') - Number(a.mode === 'enforce') || a.dueAtMs - b.dueAtMs;
}

function consequence(
  first: PurgeFinding | undefined,
  endedAtMs: number | undefined,
  family: Family,
  policies: Pick<Policies, 'retry'>,
  { nowMs, holds, chain }: PurgeFacts,
): Pick<PurgeVerdict, 'act' | 'held' | 'waits'> {
  if (first === undefined || endedAtMs === undefined) return {};
  const held = heldBy(family, holds, nowMs);
  if (held) return { held };
  if (first.mode !== 'enforce') return {};
  const untilMs = retryFirstUntilMs(family, policies, { nowMs, endedAtMs, chain });
  const act = { verb: 'purge', policy: first.policy, dueAtMs: Math.max(first.dueAtMs, untilMs) } as const;
  return { act, ...(untilMs > nowMs && { waits: { why: 'retry', untilMs } }) };
}
