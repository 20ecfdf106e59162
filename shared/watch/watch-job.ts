import { actingPolicies } from '../enforce/acting-policies.ts';
import type { Gate } from '../enforce/breaker.ts';
import { enforce } from '../enforce/enforce.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { hasNews, isObserved, tellBreakerOpen, tellFindings, tellOvertaken } from '../enforce/tell.ts';
import type { Finding } from '../judge/verdict.ts';
import { ForetoldLooks } from './foretold-looks.ts';
import { lookCloser, type NoSight, type Sight, sightOf } from './sight.ts';
import { Waiting } from './waiting.ts';

/** What became of a nomination. */
export type Watched = 'acquitted' | 'acted' | 'breaker-open' | 'postponed' | NoSight;

/**
 * The path of every job, whichever verb and trigger: judge it, look where the nomination is not enough, tell
 * what is to be told, do what is to be done, and wait for what falls due within the horizon.
 *
 * @param looks shared by all jobs of a sweep
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`; a later tick then judges the job again
 */
export async function watchJob(
  start: Sight,
  gate: Gate,
  span: Span,
  ports: EnforcePorts,
  looks: ForetoldLooks = new ForetoldLooks(ports.clock),
): Promise<Watched> {
  const waiting = new Waiting(span, ports, looks);
  let next: Sight | Watched = start;
  while (typeof next !== 'string') {
    if (isIdle(next, waiting)) return 'acquitted';
    next = await goOn(next, gate, span, ports, waiting);
  }
  return next;
}

/**
 * Whether there is nothing to look at, to tell, to do or to wait for: so it is with almost every nomination. It
 * is asked without a promise, for under the functions framework each of them is dear (docs/bench.md).
 */
export function isIdle(sight: Sight, waiting: Waiting): boolean {
  const { findings, undecided, needs, act } = sight.verdict;
  const asksNothing = act === undefined && needs.length === 0;
  return asksNothing && findings.length + undecided.length === 0 && !waiting.isAny(sight);
}

/** One step: resolves to what is seen then, or to what became of it. */
async function goOn(
  sight: Sight,
  gate: Gate,
  span: Span,
  ports: EnforcePorts,
  waiting: Waiting,
): Promise<Sight | Watched> {
  const { job, verdict, nowMs, looked } = sight;
  if (looked) {
    const telling = tellFindings(job, verdict, nowMs, ports);
    if (!verdict.act) {
      await telling;
      return waitFor(sight, span, ports, waiting);
    }
    // A transport that hangs must not hold up the act.
    const [told, acted] = await Promise.allSettled([telling, actOn(sight, gate, span, ports)]);
    if (told.status === 'rejected') throw told.reason;
    if (acted.status === 'rejected') throw acted.reason;
    return acted.value;
  }
  if (verdict.needs.length > 0 || isNameless(sight) || (await hasNews(job, verdict, nowMs, ports))) {
    return lookCloser(sight, span, ports);
  }
  return verdict.act ? actOn(sight, gate, span, ports) : waitFor(sight, span, ports, waiting);
}

/** The location is part of a job's name: two names for one job would win two claims. */
function isNameless({ job, verdict }: Sight): boolean {
  return verdict.act !== undefined && job.name.location === undefined;
}

/** The act is done for the first policy that calls for it and whose breaker lets it through. */
async function actOn(sight: Sight, gate: Gate, span: Span, ports: EnforcePorts): Promise<Sight | Watched> {
  const barred: Finding[] = [];
  for (const { policy, finding } of actingPolicies(sight)) {
    const enforced = await enforce({ ...sight, policy, finding }, gate, span, ports);
    if (enforced.kind === 'postponed') return 'postponed';
    if (enforced.kind === 'void') return sightOf(enforced.look, span, ports);
    if (enforced.kind === 'breaker-open') {
      barred.push(finding);
      continue;
    }
    // People are told only of what BigQuery itself was asked about.
    if (sight.looked) {
      await tellBarred(sight, barred, ports);
      await tellOvertaken(sight.job, sight.verdict, sight.nowMs, ports);
    }
    return 'acted';
  }
  if (barred.length === 0) return 'acquitted';
  if (!sight.looked && (await isAnyUntold(sight, barred, ports))) return lookCloser(sight, span, ports);
  await tellBarred(sight, barred, ports);
  return 'breaker-open';
}

async function isAnyUntold(
  { job }: Sight,
  barred: readonly Finding[],
  ports: EnforcePorts,
): Promise<boolean> {
  for (const finding of barred) if (!(await isObserved(job, finding, ports))) return true;
  return false;
}

async function tellBarred(
  { job, nowMs }: Sight,
  barred: readonly Finding[],
  ports: EnforcePorts,
): Promise<void> {
  for (const finding of barred) await tellBreakerOpen(job, finding, nowMs, ports);
}

/**
 * Waits until the verdict would change, if that is soon enough, and then looks: what was seen before the wait
 * may long be over, and must neither take a slot of the breaker nor be weighed by it.
 */
async function waitFor(
  sight: Sight,
  span: Span,
  ports: EnforcePorts,
  waiting: Waiting,
): Promise<Sight | Watched> {
  return (await waiting.passes(sight)) ? lookCloser(sight, span, ports) : 'acquitted';
}
