import type { Job } from '../job/job.ts';
import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { Claim, DueRequest, PurgeDetails } from '../ledger/ledger.ts';
import { claimFinding } from './claim-finding.ts';
import { familyOf } from './family-look.ts';
import { LIST_LATE_MS } from './hold-work.ts';
import { isIdUsedAgain } from './id-used-again.ts';
import { keptNews, putOffUntilMs } from './kept-until.ts';
import { publishRows, toRow } from './outbox.ts';
import type { PurgeDecision } from './purge-decision.ts';
import { foundIn } from './purge-found.ts';
import type { JudgedFamily } from './purge-look.ts';
import { purgeAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { endOf } from './whole-look.ts';

/** A family is purged once; asking again is part of the same act. */
export const PURGE_ATTEMPT = 1;

export interface Scheduling {
  readonly judged: JudgedFamily;
  readonly finding: PurgeFinding;
  readonly by: PurgeDetails['by'];
  /** What keeps it for now, of which people are told. */
  readonly kept?: Extract<PurgeDecision, { kind: 'kept' }>;
}

/** Stores when it is due. Resolves to its claim, or the one that stands; undefined: it was purged a moment ago. */
export async function schedulePurge(scheduling: Scheduling, ports: PurgePorts): Promise<Claim | undefined> {
  const { look } = scheduling.judged;
  const { job } = look.root;
  const purge = detailsOf(scheduling, ports);
  const request: DueRequest = {
    job: job.name,
    verb: ports.verb,
    attempt: PURGE_ATTEMPT,
    policy: scheduling.finding.policy,
    finding: claimFinding(scheduling.finding),
    holder: ports.holder,
    purge,
    dueAtMs: putOffUntilMs(purge.dueAtMs, look, ports),
  };
  const rows = alertsOf(scheduling, purge).map(toRow);
  let answer = await ports.ledger.schedule(request, rows);
  if (answer.kind === 'standing' && answer.claim.state === 'ended') {
    if (!(await startAnew(answer.claim, job, ports))) return undefined;
    answer = await ports.ledger.schedule(request, rows);
  }
  const { fresh, claim } = answer;
  const dueAt = new Date(purge.dueAtMs).toISOString();
  if (answer.kind === 'scheduled')
    ports.log.info('purge scheduled', { job: job.name, policy: claim.policy, dueAt });
  await publishRows(
    rows.filter(({ ceId }) => fresh.includes(ceId)),
    ports,
  );
  return claim;
}

function detailsOf({ judged, finding, by, kept }: Scheduling, ports: PurgePorts): PurgeDetails {
  const { look } = judged;
  const { principal } = look.root.job;
  return {
    ...(principal !== undefined && { principal }),
    endedAtMs: endOf(look.root, look.nowMs),
    dueAtMs: finding.dueAtMs,
    by,
    found: foundIn(familyOf(look), finding.because, ports),
    ...(kept && { heldBy: kept.by }),
  };
}

/** That a retry goes first is no news as long as it is not due. */
function alertsOf({ judged: { look }, finding, kept }: Scheduling, purge: PurgeDetails) {
  const news = kept && kept.by !== 'retry-pending' ? keptNews(kept, look) : undefined;
  if (!news) return [];
  const { outcome, job = look.root.job, ...rest } = news;
  const { policy, sentence } = finding;
  const told = { ...rest, job, policy, mode: 'enforce', sentence: `${sentence}: ${outcome}`, purge } as const;
  return [purgeAlert(told)];
}

/**
 * A job that was purged is there: its id was used again; or, so soon after that, the answer is an old one; or it was not
 * gone after all. Its certificate stands.
 */
async function startAnew(claim: Claim, found: Job, ports: PurgePorts): Promise<boolean> {
  const { job, verb, attempt, endedAtMs } = claim;
  const now = ports.clock.now();
  const isLate = endedAtMs !== undefined && now >= endedAtMs && now < endedAtMs + LIST_LATE_MS;
  if (isLate && !isIdUsedAgain(claim, found)) return false;
  const held = await ports.ledger.claim(job, verb, attempt);
  if (held?.claim.state !== 'ended') return true;
  ports.log.warning('a job that was purged is there again', { job });
  await ports.ledger.advance(held, { state: 'void', outcome: 'there-again' }, []);
  return true;
}
