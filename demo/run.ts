import { setTimeout } from 'node:timers/promises';
import type { Alert } from '../shared/alert/alert.schema.ts';
import { parseJobName } from '../shared/job/job-name.ts';
import { serve } from '../simulator/server.ts';
import { Simulator } from '../simulator/simulator.ts';
import { WallClock } from '../simulator/wall-clock.ts';
import { AlertFeed } from './alert-feed.ts';
import { serveCancel, TICK_MS } from './cancel-function.ts';
import { appliesTo } from './closest-limit.ts';
import { DAY_MS, DAY_STARTS_MS, planDay } from './day.ts';
import { diceOf } from './dice.ts';
import type { Flags } from './flags.ts';
import { allJobs, unfinishedJobs } from './job-lists.ts';
import { PROJECTS } from './kind.ts';
import { PushSubscription } from './pubsub.ts';
import { savedBy } from './saved.ts';
import { Stopwatch } from './stopwatch.ts';
import type { Summary } from './summary.ts';
import { Tally } from './tally.ts';
import type { View } from './view.ts';
import { Witness } from './witness.ts';

/** Faster than this, a millisecond is seconds there, and every answer seems to take minutes. */
const TOP_SPEED = 1_440;
/** In simulated time: no pause of the machine makes a job overrun by more. */
const LONGEST_STEP_MS = 7_200;
const FRAME_MS = 200;

/**
 * Runs a day, or as much of it as fits in `flags.seconds`, and shows it. Resolves to its summary.
 *
 * @param stop ends it before its time
 * @throws what `openRuntime` throws, before anything is shown
 */
export async function run(flags: Flags, view: View, stop: AbortSignal): Promise<Summary> {
  const speed = Math.min(TOP_SPEED, DAY_MS / (flags.seconds * 1_000));
  const stopwatch = new Stopwatch(LONGEST_STEP_MS / speed);
  const clock = new WallClock({ startMs: DAY_STARTS_MS, speed, monotonicNow: stopwatch.now });
  const simulator = new Simulator({ clock, random: diceOf(flags.seed).next });
  const witness = new Witness(simulator);
  const bigquery = await serve({ simulator: witness, clock, port: 0 });
  const tally = new Tally();
  const feed = new AlertFeed((alert: Alert) => {
    tally.add(alert);
    view.told(alert);
  });
  const { runtime, address, close } = await serveCancel({
    clock,
    random: diceOf(flags.seed + 1).next,
    policies: flags.policies,
    bigquery: bigquery.address,
    writeLine: (line) => feed.writeLine(line),
  });

  const over = new AbortController();
  const subscription = new PushSubscription({ endpoint: address, clock, stopped: over.signal });
  for (const job of planDay(flags.seed)) simulator.start(job);
  simulator.onEntry((entry) => {
    witness.noteEntry(entry);
    void subscription.deliver(entry);
  });
  view.opened({
    seed: flags.seed,
    speed,
    fromMs: DAY_STARTS_MS,
    toMs: DAY_STARTS_MS + speed * flags.seconds * 1_000,
  });
  const startedAtMs = performance.now();
  stopwatch.start();
  for (const projectId of PROJECTS) void tick(projectId);
  const frames = drawFrames();
  await setTimeout(flags.seconds * 1_000, undefined, { signal: stop }).catch(() => undefined);
  const toMs = clock.now();
  over.abort();
  await frames;
  const summary = await summarise();
  close();
  await bigquery.close();
  return summary;

  /** Cloud Scheduler's part. The next tick waits for the last, as Pub/Sub delivers what has one ordering key. */
  async function tick(projectId: string): Promise<void> {
    while (!over.signal.aborted) {
      const next = clock.sleep(TICK_MS, over.signal).catch(() => undefined);
      await subscription.deliver({ sweep: { projectId } });
      await next;
    }
  }

  async function drawFrames(): Promise<void> {
    while (!over.signal.aborted && view.drawn !== undefined) {
      const unfinished = await unfinishedJobs(simulator);
      const policies = await runtime.ports.policies.recent();
      const part = (performance.now() - startedAtMs) / (flags.seconds * 1_000);
      view.drawn({ nowMs: clock.now(), part, unfinished, policies });
      await setTimeout(FRAME_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  async function summarise(): Promise<Summary> {
    const jobs = (await allJobs(simulator)).filter(({ creationTimeMs = 0 }) => creationTimeMs <= toMs);
    const seen = jobs.filter(({ name }) => witness.hasSeen(name.jobId));
    const { cancel } = await runtime.ports.policies.recent();
    const cancelled = [...tally.jobs('cancelled')].flatMap((name) => {
      return simulator.truth(parseJobName(name)) ?? [];
    });
    return {
      seed: flags.seed,
      fromMs: DAY_STARTS_MS,
      toMs,
      rows: [
        ...cancel.map((policy) => ({
          name: policy.name,
          judged: seen.filter((job) => appliesTo(policy, job)).length,
          count: (step: Parameters<Tally['count']>[0]) => tally.count(step, policy.name),
        })),
        { name: 'all', judged: seen.length, count: (step) => tally.count(step) },
      ],
      jobs: {
        ofDay: jobs.length,
        seen: seen.length,
        unfinished: jobs.filter(({ state }) => state !== 'DONE').length,
      },
      saved: savedBy(cancelled, DAY_STARTS_MS + DAY_MS),
      untilMs: DAY_STARTS_MS + DAY_MS,
      calls: witness.calls,
      warnings: feed.warnings,
    };
  }
}
