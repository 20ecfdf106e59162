import type { PurgePorts } from '../shared/enforce/purge-ports.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import type { HistoryRange } from '../shared/watch/history-range.ts';
import { purgeConfirmed } from '../shared/watch/purge-confirmed.ts';
import { SLICE_MS, type Surveyed, surveyPurges } from '../shared/watch/purge-survey.ts';
import { NoTimeError } from './errors.ts';
import { Progress } from './progress.ts';
import { PurgeTally } from './purge-tally.ts';
import type { Terminal } from './terminal.ts';
import { PURGE_WAIT_MS, waitSpan } from './wait-option.ts';

/** Counts what of the project's jobs would be purged now, and shows how far it is. It only reads. */
export async function surveyAll(
  projectId: string,
  range: HistoryRange,
  ports: PurgePorts,
  terminal: Terminal,
): Promise<PurgeTally> {
  const tally = new PurgeTally();
  const { purge: policies } = await ports.policies.latest();
  if (policies.length === 0) {
    terminal.err('warning: no policy of the file has "purge", so there is nothing to look for');
    return tally;
  }
  const progress = new Progress(Math.ceil((range.toMs - range.fromMs) / SLICE_MS), terminal);
  for await (const surveyed of surveyPurges(projectId, range, ports)) {
    tally.count(surveyed);
    const failure = failureOf(surveyed);
    if (failure !== undefined) {
      progress.clear();
      terminal.err(failure);
    }
    const line = `${projectId}: ${tally.looked} jobs looked at, ${tally.wanted.length} to purge`;
    if (surveyed.kind === 'slice') progress.advance(line);
    else progress.show(line);
  }
  progress.clear();
  return tally;
}

function failureOf(surveyed: Surveyed): string | undefined {
  if (surveyed.kind === 'gap') {
    const { unreachable, brokenItems } = surveyed;
    const where = unreachable.length === 0 ? '' : `locations that did not answer: ${unreachable.join(', ')}`;
    const items = brokenItems === 0 ? '' : `items that are no readable jobs: ${brokenItems}`;
    return [where, items].filter((text) => text !== '').join('; ');
  }
  if (surveyed.kind !== 'failed') return undefined;
  const { name, why } = surveyed;
  return `${formatJobName(name)}: not judged: ${whyOf(why)}`;
}

function whyOf(why: Extract<Surveyed, { readonly kind: 'failed' }>['why']): string {
  if (why === 'no-time') return new NoTimeError().message;
  return why === 'not-whole' ? 'not all of its children have ended and are listed yet' : why.message;
}

/** Purges what was confirmed. How many came to which end; what was not begun is `not-begun`. */
export async function purgeAll(
  { wanted }: PurgeTally,
  ports: PurgePorts,
  terminal: Terminal,
): Promise<ReadonlyMap<string, number>> {
  const outcomes = new Map<string, number>();
  const add = (outcome: string, jobs = 1) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + jobs);
  const progress = new Progress(wanted.length, terminal);
  const span = () => waitSpan({ wait: PURGE_WAIT_MS }, terminal.clock.now()).span;
  let told = 0;
  for await (const { name, outcome, error } of purgeConfirmed(
    wanted.map((job) => job.name),
    span,
    ports,
  )) {
    told++;
    add(outcome);
    if (outcome !== 'purged') {
      progress.clear();
      terminal.err(`${formatJobName(name)} was not purged: ${outcome}${error ? `: ${error.message}` : ''}`);
    }
    progress.advance(`${outcomes.get('purged') ?? 0} of ${wanted.length} purged`);
  }
  progress.clear();
  if (told < wanted.length) add('not-begun', wanted.length - told);
  return outcomes;
}
