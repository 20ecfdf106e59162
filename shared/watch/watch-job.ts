import { tellableAtMs } from '../enforce/bigquery-now.ts';
import type { Gate } from '../enforce/breaker.ts';
import { enforce } from '../enforce/enforce.ts';
import type { EnforcePorts, Span } from '../enforce/ports.ts';
import { hasNews, isObserved, tellBreakerOpen, tellFindings } from '../enforce/tell.ts';
import type { Act } from '../judge/verdict.ts';
import { lookCloser, type NoSight, type Sight, sightOf } from './sight.ts';

/** What became of a nomination. */
export type Watched = 'acquitted' | 'acted' | 'breaker-open' | 'postponed' | NoSight;

/** A time that has come is waited for at least this long again, should the clocks disagree about it. */
const MIN_WAIT_MS = 250;

/**
 * The path of every job, whichever verb and trigger: judge it, look where the nomination is not enough, tell
 * what is to be told, do what is to be done, and wait for what falls due within the horizon.
 *
 * @throws the errors of `bigquery/errors.ts` and `ledger/errors.ts`; a later tick then judges the job again
 */
export async function watchJob(start: Sight, gate: Gate, span: Span, ports: EnforcePorts): Promise<Watched> {
  let next: Sight | Watched = start;
  while (typeof next !== 'string') {
    if (isIdle(next, span, ports)) return 'acquitted';
    next = await goOn(next, gate, span, ports);
  }
  return next;
}

/** Whether there is nothing to look at, to tell, to do or to wait for: so it is with almost every nomination. */
export function isIdle(sight: Sight, span: Span, ports: EnforcePorts): boolean {
  const { findings, undecided, needs, act } = sight.verdict;
  const asksNothing = act === undefined && needs.length === 0;
  return (
    asksNothing && findings.length + undecided.length === 0 && wakeAtMs(sight, span, ports) === undefined
  );
}

/** One step: resolves to what is seen then, or to what became of it. */
async function goOn(sight: Sight, gate: Gate, span: Span, ports: EnforcePorts): Promise<Sight | Watched> {
  const { job, verdict, nowMs, looked } = sight;
  if (looked) {
    const telling = tellFindings(job, verdict, nowMs, ports);
    if (!verdict.act) {
      await telling;
      return waitFor(sight, span, ports);
    }
    // A transport that hangs must not hold up the act.
    const [told, acted] = await Promise.allSettled([telling, actOn(sight, verdict.act, gate, span, ports)]);
    if (told.status === 'rejected') throw told.reason;
    if (acted.status === 'rejected') throw acted.reason;
    return acted.value;
  }
  if (verdict.needs.length > 0 || isNameless(sight) || (await hasNews(job, verdict, nowMs, ports))) {
    return lookCloser(sight, span, ports);
  }
  return verdict.act ? actOn(sight, verdict.act, gate, span, ports) : waitFor(sight, span, ports);
}

/** The location is part of a job's name: two names for one job would win two claims. */
function isNameless({ job, verdict }: Sight): boolean {
  return verdict.act !== undefined && job.name.location === undefined;
}

async function actOn(
  sight: Sight,
  act: Act,
  gate: Gate,
  span: Span,
  ports: EnforcePorts,
): Promise<Sight | Watched> {
  const { job, policies, verdict, nowMs } = sight;
  const policy = policies.cancel.find(({ name }) => name === act.policy);
  const finding = verdict.findings.find((entry) => entry.policy === act.policy);
  if (!policy || !finding) return 'acquitted';
  const enforced = await enforce({ job, policy, finding }, gate, span, ports);
  switch (enforced.kind) {
    case 'settled':
      return 'acted';
    case 'postponed':
      return 'postponed';
    case 'void':
      return sightOf(enforced.look, span, ports);
    case 'breaker-open':
      if (await isObserved(job, finding, ports)) return 'breaker-open';
      // People are told only of what BigQuery itself was asked about.
      if (!sight.looked) return lookCloser(sight, span, ports);
      await tellBreakerOpen(job, finding, nowMs, ports);
      return 'breaker-open';
  }
}

/**
 * Waits until the verdict would change, if that is soon enough, and then looks: what was seen before the wait
 * may long be over, and must neither take a slot of the breaker nor be weighed by it.
 */
async function waitFor(sight: Sight, span: Span, ports: EnforcePorts): Promise<Sight | Watched> {
  const { clock } = ports;
  const atMs = wakeAtMs(sight, span, ports);
  if (atMs === undefined) return 'acquitted';
  await clock.sleep(atMs - clock.now());
  return lookCloser(sight, span, ports);
}

/** When to look again, if that is within the horizon. */
function wakeAtMs(sight: Sight, span: Span, { clock }: EnforcePorts): number | undefined {
  const { recheckAtMs } = sight.verdict;
  const now = clock.now();
  if (recheckAtMs === undefined || now < span.startedAtMs) return undefined;
  const atMs = Math.max(tellableAtMs(recheckAtMs, sight.nowMs, sight.ourNowMs), now + MIN_WAIT_MS);
  return atMs > span.horizonAtMs ? undefined : atMs;
}
