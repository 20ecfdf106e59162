import { setTimeout } from 'node:timers/promises';
import { DAY_MS, DAY_STARTS_MS } from './day.ts';
import type { Flags } from './flags.ts';
import { allJobs, unfinishedJobs } from './job-lists.ts';
import { Cashier, type Money } from './money.ts';
import { summarise } from './summarise.ts';
import type { Summary } from './summary.ts';
import { openSystem, type System } from './system.ts';
import { Tally } from './tally.ts';
import type { View } from './view.ts';

/** Faster than this, a millisecond is seconds there, and every answer seems to take minutes. */
const TOP_SPEED = 1_440;
const FRAME_MS = 200;
/** Money is counted over all jobs that there have been, so not for each picture. */
const COUNT_MS = 1_000;

/**
 * Runs a day, or as much of it as fits in `flags.seconds`, and shows it. Resolves to its summary.
 *
 * @param stop ends it before its time
 * @throws what `openRuntime` throws, before anything is shown
 */
export async function run(flags: Flags, view: View, stop: AbortSignal): Promise<Summary> {
  const { seed, policies, seconds } = flags;
  const speed = Math.min(TOP_SPEED, DAY_MS / (seconds * 1_000));
  const tally = new Tally();
  const system = await openSystem({
    seed,
    policies,
    speed,
    told: (alert) => {
      tally.add(alert);
      view.told(alert);
    },
  });
  view.opened({ seed, speed, fromMs: DAY_STARTS_MS, toMs: DAY_STARTS_MS + speed * seconds * 1_000 });
  system.start();
  const cashier = new Cashier(system, tally);
  const passedMs = await pass(seconds * 1_000, system, cashier, view, stop);
  const toMs = system.clock.now();
  system.stop();
  const summary = await summarise(system, tally, cashier, seed, toMs, DAY_STARTS_MS + speed * passedMs);
  await system.close();
  return summary;
}

/** Lets real time pass, with pictures for a view that draws them. Resolves to how much it was. */
async function pass(ms: number, system: System, cashier: Cashier, view: View, stop: AbortSignal) {
  const { clock, simulator, runtime } = system;
  const sleep = (waitMs: number): Promise<void> =>
    setTimeout(waitMs, undefined, { signal: stop }).catch(() => undefined);
  const startedAtMs = performance.now();
  let counted: { readonly money: Money; readonly atMs: number } | undefined;
  for (;;) {
    const passedMs = performance.now() - startedAtMs;
    if (passedMs >= ms || stop.aborted) return passedMs;
    if (view.drawn !== undefined) {
      const [unfinished, policies] = [await unfinishedJobs(simulator), await runtime.ports.policies.recent()];
      if (counted === undefined || passedMs - counted.atMs >= COUNT_MS)
        counted = { money: await cashier.count(await allJobs(simulator)), atMs: passedMs };
      const { money } = counted;
      view.drawn({ nowMs: clock.now(), part: passedMs / ms, unfinished, policies, money });
    }
    await sleep(Math.min(ms - passedMs, view.drawn === undefined ? ms : FRAME_MS));
  }
}
