import type { JobName } from '../job/job-name.ts';
import type { Claim, KeptBackBy, PurgeDetails } from '../ledger/ledger.ts';
import { familyOf } from './family-look.ts';
import type { Span } from './ports.ts';
import { findingsOf } from './purge-budget.ts';
import { decide } from './purge-decision.ts';
import { foundIn } from './purge-found.ts';
import { type JudgedFamily, lookToPurge, type PurgeLook } from './purge-look.ts';
import { type PurgeNews, purgeAlert } from './purge-news.ts';
import type { PurgePorts } from './purge-ports.ts';
import { schedulePurge } from './schedule-purge.ts';
import { tellWithinHour } from './tell-within-hour.ts';

/** What became of a job that ended. */
export type FollowedEnd =
  /**
   * It is to be purged: the claim says when (`lookAtMs`), which may be at once, and `carryOutPurge` does it. Also what a
   * hold, its retry or a person keeps for now: `keptBy`, which is of this look. The claim may tell of an earlier one.
   */
  | { readonly kind: 'scheduled'; readonly claim: Claim; readonly keptBy?: KeptBackBy }
  /** Of the clean-up of history: it would be purged, had its policy a budget for that. */
  | { readonly kind: 'reported' }
  /** It would be purged; people are told. */
  | { readonly kind: 'observed' }
  /** BigQuery does not tell enough of it to say whether a policy is about it; people are told. */
  | { readonly kind: 'undecided' }
  /** Nothing is to be done or told, or it is over. */
  | { readonly kind: 'nothing' }
  /** It, or its top-level job, runs still. */
  | { readonly kind: 'not-done' }
  /** A child of it runs still, or is on no list yet: nobody can tell whether it is sensitive. */
  | { readonly kind: 'not-whole' }
  | { readonly kind: 'gone' }
  | { readonly kind: 'no-time' };

/** How many generations up a child's top-level job is looked for. */
const MOST_GENERATIONS = 10;

/**
 * Looks at the family of a job that ended, and schedules its purge, tells, or leaves it. A child leads to its top-level
 * job. However often it is called for one family, it is purged once.
 *
 * @param by whose budget the purge spends
 * @throws the errors of `bigquery/errors.ts` but NotFoundError, and of `ledger/errors.ts`; a later look goes on
 */
export async function followEndedJob(
  name: JobName,
  by: PurgeDetails['by'],
  span: Span,
  ports: PurgePorts,
): Promise<FollowedEnd> {
  const look = await lookAtTopmost(name, span, ports);
  switch (look.kind) {
    case 'judged':
      return follow(look, by, ports);
    case 'child':
      return { kind: 'gone' };
    default:
      return { kind: look.kind };
  }
}

async function lookAtTopmost(name: JobName, span: Span, ports: PurgePorts): Promise<PurgeLook> {
  let look = await lookToPurge(name, span, ports);
  for (let up = 0; look.kind === 'child' && up < MOST_GENERATIONS; up++) {
    look = await lookToPurge(look.parent, span, ports);
  }
  return look;
}

async function follow(judged: JudgedFamily, by: PurgeDetails['by'], ports: PurgePorts): Promise<FollowedEnd> {
  const decision = decide(judged, ports);
  const { finding } = decision;
  if (decision.kind === 'not-whole' && !finding) return { kind: 'not-whole' };
  if (decision.kind === 'unwanted' || !finding) return tellUnwanted(judged, finding, ports);
  const [first] = by === 'history' ? findingsOf(by, judged, ports) : [finding];
  if (!first) return { kind: 'reported' };
  const kept = decision.kind === 'kept' ? decision : undefined;
  const claim = await schedulePurge({ judged, finding: first, by, ...(kept && { kept }) }, ports);
  return claim ? { kind: 'scheduled', claim, ...(kept && { keptBy: kept.by }) } : { kind: 'nothing' };
}

async function tellUnwanted(
  { look, verdict }: JudgedFamily,
  finding: JudgedFamily['verdict']['findings'][number] | undefined,
  ports: PurgePorts,
): Promise<FollowedEnd> {
  const { root, nowMs } = look;
  const about = { job: root.job, nowMs };
  if (finding) {
    const { policy, mode, sentence, because, dueAtMs } = finding;
    const purge = { found: foundIn(familyOf(look), because, ports), dueAtMs };
    const news = { ...about, step: 'observed', policy, mode, sentence, purge } as const;
    await tell({ ...news, because: 'observe-mode' }, ports);
    return { kind: 'observed' };
  }
  for (const { policy, mode, fields } of verdict.undecided) {
    const sentence = `cannot be decided by ${policy}, and is not purged: BigQuery does not tell ${fields.join(', ')} of it or of a child of it`;
    await tell({ ...about, step: 'undecided', policy, mode, sentence, purge: { found: [] } }, ports);
  }
  return { kind: verdict.undecided.length > 0 ? 'undecided' : 'nothing' };
}

/** No claim goes with it, so it is told within the hour's limit. */
function tell(news: PurgeNews, ports: PurgePorts): Promise<void> {
  return tellWithinHour(purgeAlert(news), news.policy, news.nowMs, ports);
}
