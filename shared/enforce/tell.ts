import type { JobAlertData, JobStep } from '../alert/alert.schema.ts';
import { jobAlert, jobAlertId } from '../alert/job-alert.ts';
import type { Job } from '../job/job.ts';
import { isAct } from '../judge/precedence.ts';
import type { Finding, Undecided, Verdict } from '../judge/verdict.ts';
import type { Claim } from '../ledger/ledger.ts';
import type { EnforcePorts } from './ports.ts';
import { hoursSummary, tellWithinHour } from './tell-within-hour.ts';

type Because = NonNullable<JobAlertData['because']>;
type TellPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'policies' | 'publisher' | 'log' | 'verb'>;

/** An alert that this verdict calls for, besides those of its act. */
interface Telling {
  readonly step: JobStep;
  readonly finding: Pick<Finding, 'policy' | 'action' | 'mode' | 'measured'>;
  readonly sentence: string;
  readonly because?: Because;
}

/**
 * Whether the verdict holds anything that was not told yet, so that a look is worth its call.
 * The act is not counted: it has a claim, and a look of its own. What calls for it too is.
 */
export async function hasNews(job: Job, verdict: Verdict, nowMs: number, ports: TellPorts): Promise<boolean> {
  for (const { finding, steps } of [...tellings(verdict, ports).map(newsOf), ...overtakenNews(verdict)]) {
    if (await isTold(job, finding.policy, steps, ports)) continue;
    // Past the hour's limit it would not be told one by one: do not look at each of them every tick.
    const summary = hoursSummary(finding.policy, nowMs, ports);
    if (!(await ports.ledger.hasAlert(summary.id))) return true;
  }
  return false;
}

interface News {
  readonly finding: Telling['finding'];
  /** Each of them tells people of it. */
  readonly steps: readonly JobStep[];
}

function newsOf({ finding, step }: Telling): News {
  return { finding, steps: [step] };
}

/** Of what calls for the act too, but is done for none or for another: it may also have come to do it. */
function overtakenNews({ findings }: Verdict): readonly News[] {
  return findings
    .filter(isAct)
    .slice(1)
    .map((finding) => ({ finding, steps: ['observed', 'cancelling'] }));
}

async function isTold(
  job: Job,
  policy: string,
  steps: readonly JobStep[],
  { ledger }: TellPorts,
): Promise<boolean> {
  for (const step of steps) if (await ledger.hasAlert(jobAlertId(job, policy, step))) return true;
  return false;
}

/** Tells the findings that call for no act. `job` is what a look told, never a nomination. */
export async function tellFindings(
  job: Job,
  verdict: Verdict,
  nowMs: number,
  ports: TellPorts,
): Promise<void> {
  for (const telling of tellings(verdict, ports)) await tellOne(job, telling, nowMs, ports);
}

/** Whether people know already that this job was found guilty and left alone. */
export function isObserved(job: Job, finding: Finding, ports: TellPorts): Promise<boolean> {
  return ports.ledger.hasAlert(jobAlertId(job, finding.policy, 'observed'));
}

/** Tells that an act is not done because its breaker is open. */
export async function tellBreakerOpen(
  job: Job,
  finding: Finding,
  nowMs: number,
  ports: TellPorts,
): Promise<void> {
  const { sentence } = finding;
  await tellOne(job, { step: 'observed', finding, sentence, because: 'breaker-open' }, nowMs, ports);
}

/**
 * Tells the findings that call for the act as well as the one that it is done for. Whose it is, and whether it is
 * done at all, the claim says: told of too early, they would have been told an untruth.
 */
export async function tellOvertaken(
  job: Job,
  { findings }: Verdict,
  nowMs: number,
  ports: TellPorts,
): Promise<void> {
  const acts = findings.filter(isAct);
  if (acts.length < 2) return;
  const because = becauseOf((await ports.ledger.claim(job.name, ports.verb, 1))?.claim);
  if (because === undefined) return;
  for (const finding of acts.filter(({ policy }) => policy !== because.policy)) {
    const { sentence } = finding;
    await tellOne(job, { step: 'observed', finding, sentence, because: because.why }, nowMs, ports);
  }
}

/** Undefined while nobody knows yet. */
function becauseOf(claim: Claim | undefined): { readonly policy: string; readonly why: Because } | undefined {
  if (claim?.state === 'void' && claim.outcome === 'dry-run') return { policy: claim.policy, why: 'dry-run' };
  const isDone = claim?.state === 'asked' || claim?.state === 'ended';
  return isDone ? { policy: claim.policy, why: 'another-policy-acts' } : undefined;
}

function tellOne(job: Job, telling: Telling, nowMs: number, ports: TellPorts): Promise<void> {
  return tellWithinHour(jobAlert({ ...telling, job, atMs: nowMs }), telling.finding.policy, nowMs, ports);
}

function tellings(verdict: Verdict, { policies }: Pick<TellPorts, 'policies'>): readonly Telling[] {
  return [
    ...verdict.findings
      .filter((finding) => !isAct(finding))
      .map((finding) => toTelling(finding, policies.isStopped(finding.policy))),
    ...verdict.undecided.map(undecidedTelling),
  ];
}

function toTelling(finding: Finding, isStopped: boolean): Telling {
  const { sentence } = finding;
  if (finding.degree === 'warned') return { step: 'warned', finding, sentence };
  if (finding.cannot) return { step: 'could-not-cancel', finding, sentence, because: finding.cannot };
  if (finding.action === 'alert') return { step: 'observed', finding, sentence, because: 'alert-only' };
  if (isStopped) return { step: 'observed', finding, sentence, because: 'stopped' };
  return { step: 'observed', finding, sentence, because: 'observe-mode' };
}

function undecidedTelling({ policy, action, mode, fields }: Undecided): Telling {
  const sentence = `cannot be decided by ${policy}: BigQuery does not tell ${fields.join(', ')} of this job, though asked four times`;
  return { step: 'undecided', finding: { policy, action, mode }, sentence };
}
