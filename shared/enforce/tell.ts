import type { JobAlertData, JobStep } from '../alert/alert.schema.ts';
import { jobAlert, jobAlertId } from '../alert/job-alert.ts';
import { findingsSummarised } from '../alert/system-alert.ts';
import type { Job } from '../job/job.ts';
import type { Finding, Undecided, Verdict } from '../judge/verdict.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

type Because = NonNullable<JobAlertData['because']>;
type TellPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'policies' | 'publisher' | 'log' | 'verb'>;

/** Findings that only alert, told one by one up to so many per policy and hour. */
const MAX_PER_HOUR = 1_000;
const HOUR_MS = 3_600_000;

/** An alert that this verdict calls for, besides those of its act. */
interface Telling {
  readonly step: JobStep;
  readonly finding: Pick<Finding, 'policy' | 'action' | 'mode' | 'measured'>;
  readonly sentence: string;
  readonly because?: Because;
}

/**
 * Whether the verdict holds anything that was not told yet, so that a look is worth its call.
 * The act is not counted: it has a claim, and a look of its own.
 */
export async function hasNews(job: Job, verdict: Verdict, nowMs: number, ports: TellPorts): Promise<boolean> {
  for (const { finding, step } of tellings(verdict, ports)) {
    if (await ports.ledger.hasAlert(jobAlertId(job, finding.policy, step))) continue;
    // Past the hour's limit it would not be told one by one: do not look at each of them every tick.
    const summary = findingsSummarised(ports.verb, finding.policy, MAX_PER_HOUR, nowMs);
    if (!(await ports.ledger.hasAlert(summary.id))) return true;
  }
  return false;
}

/** Tells the findings that are not acted on. `job` is what a look told, never a nomination. */
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

async function tellOne(job: Job, telling: Telling, nowMs: number, ports: TellPorts): Promise<void> {
  const { policy } = telling.finding;
  if (await ports.ledger.hasAlert(jobAlertId(job, policy, telling.step))) return;
  const count = await ports.ledger.countAlert(policy, Math.floor(nowMs / HOUR_MS) * HOUR_MS);
  if (count <= MAX_PER_HOUR) {
    await tellAlerts([jobAlert({ ...telling, job, atMs: nowMs })], ports);
    return;
  }
  ports.log.warning('finding not told, too many this hour', { policy, job: job.name, step: telling.step });
  await tellAlerts([findingsSummarised(ports.verb, policy, MAX_PER_HOUR, nowMs)], ports);
}

function tellings(verdict: Verdict, { policies }: Pick<TellPorts, 'policies'>): readonly Telling[] {
  const acting = verdict.act?.policy;
  return [
    ...verdict.findings
      .filter((finding) => finding.policy !== acting)
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
  if (finding.mode === 'observe') return { step: 'observed', finding, sentence, because: 'observe-mode' };
  return { step: 'observed', finding, sentence, because: 'another-policy-acts' };
}

function undecidedTelling({ policy, action, mode, fields }: Undecided): Telling {
  const sentence = `cannot be decided by ${policy}: BigQuery does not tell ${fields.join(', ')} of this job, though asked four times`;
  return { step: 'undecided', finding: { policy, action, mode }, sentence };
}
