import { formatJobName } from '../shared/job/job-name.ts';
import { isAct } from '../shared/judge/precedence.ts';
import type { Finding, Verdict } from '../shared/judge/verdict.ts';
import type { Sight } from '../shared/watch/sight.ts';
import { oneLine } from './one-line.ts';

/** What the watchdog would do about a finding; docs/cli.md tells people what each means. */
export type Would = 'cancel' | 'alert' | 'warn' | 'observe' | 'nothing' | 'look-again';

/** One thing that a policy says of a job. */
export interface FoundLine {
  readonly would: Would;
  readonly job: string;
  readonly principal?: string;
  readonly policy: string | undefined;
  readonly sentence: string;
  readonly measured?: Finding['measured'];
}

/** Every finding of a job, the one that is acted on first, and what could not be decided. */
export function foundLines({ job, verdict }: Pick<Sight, 'job' | 'verdict'>): readonly FoundLine[] {
  const about = {
    job: formatJobName(job.name),
    ...(job.principal !== undefined && { principal: job.principal }),
  };
  const found = verdict.findings.map((finding) => ({
    would: wouldOf(finding, verdict),
    ...about,
    policy: finding.policy,
    sentence: finding.sentence,
    ...(finding.measured && { measured: finding.measured }),
  }));
  // What it lacks decides nothing any more when the job is to be stopped anyway.
  if (verdict.needs.length === 0 || verdict.act) return found;
  const sentence = `cannot be decided yet: BigQuery does not tell ${verdict.needs.join(', ')}`;
  return [...found, { would: 'look-again', ...about, policy: undefined, sentence }];
}

function wouldOf(finding: Finding, { act }: Verdict): Would {
  if (finding.degree === 'warned') return 'warn';
  if (isAct(finding)) return finding.policy === act?.policy ? 'cancel' : 'alert';
  if (finding.cannot !== undefined && finding.mode === 'enforce') return 'nothing';
  return finding.action === 'cancel' ? 'observe' : 'alert';
}

const WORDS: Readonly<Record<Would, string>> = {
  cancel: 'WOULD CANCEL',
  alert: 'would alert',
  warn: 'would warn',
  observe: 'observed',
  nothing: 'cannot be stopped',
  'look-again': 'undecided',
};
const WIDEST = Math.max(...Object.values(WORDS).map((word) => word.length));

/** A line for a person, who sees it before the next one is known. */
export function printFound({ would, job, principal, sentence }: FoundLine): string {
  return [WORDS[would].padEnd(WIDEST), job, principal ?? '', sentence].map(oneLine).join('  ');
}
