import type { JobName } from '../job/job-name.ts';
import type { PurgeFinding } from '../judge/purge-verdict.ts';
import type { KeptBackBy } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';
import type { JudgedFamily } from './purge-look.ts';

/** What follows from a look at a family. Times are by BigQuery's clock. */
export type PurgeDecision =
  /** It is to be deleted, now or then, for this finding. */
  | { readonly kind: 'wanted'; readonly finding: PurgeFinding; readonly dueAtMs: number }
  /** It is wanted deleted, and something keeps it, until then at most. */
  | {
      readonly kind: 'kept';
      readonly finding: PurgeFinding;
      readonly by: Extract<
        KeptBackBy,
        'stopped' | 'held' | 'holds-unreadable' | 'retry-pending' | 'too-many-children'
      >;
      readonly untilMs?: number;
      /** For a person, about "it": the job. */
      readonly outcome: string;
    }
  /** It cannot be judged as a whole yet; what is known of it is wanted deleted, if there is a finding. */
  | { readonly kind: 'not-whole'; readonly finding?: PurgeFinding; readonly running?: JobName }
  /** Nobody wants it deleted, or a policy only observes. */
  | { readonly kind: 'unwanted'; readonly finding?: PurgeFinding };

/** What keeps a job comes in this order: a person who stopped all acts, children that are missing, holds, retries. */
export function decide(
  { look, verdict, fault }: JudgedFamily,
  { policies }: Pick<EnforcePorts, 'policies'>,
): PurgeDecision {
  const { findings, held, waits, act } = verdict;
  const stopped = findings.find(({ policy, mode }) => mode === 'observe' && policies.isStopped(policy));
  const [finding = undefined] = findings;
  if (stopped && finding?.mode !== 'enforce') {
    const outcome = 'nothing is done until a person lets acts be done again';
    return { kind: 'kept', finding: stopped, by: 'stopped', outcome };
  }
  const isWanted = finding?.mode === 'enforce';
  if (look.lacks !== undefined && look.lacks !== 'too-many-children') {
    const running = look.lacks === 'children' ? {} : look.lacks;
    return { kind: 'not-whole', ...running, ...(isWanted && { finding }) };
  }
  if (!finding || !isWanted) return { kind: 'unwanted', ...(finding && { finding }) };
  if (look.lacks) {
    const outcome =
      'it is kept, for it has more children than are looked at; delete it by hand (bq rm -j), unless one is on hold';
    return { kind: 'kept', finding, by: 'too-many-children', outcome };
  }
  if (fault !== undefined) {
    const outcome = 'it is kept, for what is on hold cannot be read';
    return { kind: 'kept', finding, by: 'holds-unreadable', outcome };
  }
  if (held) {
    const { hold, untilMs, unseen } = held;
    const why =
      unseen === undefined
        ? `it is on hold (${hold})`
        : `a hold (${hold}) may be on one of ${unseen} children that no list shows`;
    const until = untilMs === undefined ? {} : { untilMs: untilMs + 1 };
    return {
      kind: 'kept',
      finding,
      by: 'held',
      ...until,
      outcome: `it is kept, for ${why}`,
    };
  }
  if (waits) {
    const { untilMs } = waits;
    const at = new Date(untilMs).toISOString();
    const outcome = `it is kept until its retry is over, or ${at}`;
    return { kind: 'kept', finding, by: 'retry-pending', untilMs, outcome };
  }
  return act ? { kind: 'wanted', finding, dueAtMs: act.dueAtMs } : { kind: 'unwanted', finding };
}
