import { describe, expect, test } from 'vitest';
import type { Span } from '../../shared/enforce/ports.ts';
import { type Walked, walkHistory } from '../../shared/watch/history-walk.ts';
import type { WatchPurgePorts } from '../../shared/watch/watch-ended-purge.ts';
import { mortal } from '../enforce/retry/mortal.ts';
import { MINUTE_MS } from '../running-job.ts';
import { START_MS } from '../watchdog.ts';
import { DAY_MS, openPurge, type PurgingWatchdog } from './purging-watchdog.ts';

const RANGE = { fromMs: START_MS - 180 * DAY_MS, toMs: START_MS };
const NEVER = { nth: Number.POSITIVE_INFINITY, heard: false };

function walkWith(watchdog: PurgingWatchdog, ports: WatchPurgePorts): Promise<Walked> {
  const now = watchdog.clock.now();
  const span: Span = { startedAtMs: now, deadlineAtMs: now + 290_000, horizonAtMs: now + 59_000 };
  const background = { jobs: ports.jobs, limitTo: () => undefined };
  return walkHistory(RANGE, 'my-project', 'walk', span, ports, background);
}

/** A walk dies at some call; then another instance sweeps and walks, as ticks come. */
async function world(death: { nth: number; heard: boolean }) {
  const { through, died, calls } = mortal(death);
  const first = await openPurge();
  first.sensitive('old', START_MS - 90 * DAY_MS);
  first.plain('plain', START_MS - 60 * DAY_MS);
  first.sensitive('newer', START_MS - 30 * DAY_MS);
  const work = walkWith(first, through(first.runtime.ports)).catch(() => undefined);
  await first.clock.run(Promise.race([work, died]));
  const { clock, simulator, store } = first;
  const asked = calls();
  const second = await openPurge({ clock, simulator, store });
  for (const minute of [2, 8, 16, 20]) {
    await clock.advanceTo(START_MS + minute * MINUTE_MS);
    await second.sweep();
    await second.walk(RANGE.fromMs, RANGE.toMs);
  }
  return { first, second, calls: asked };
}

const ALIVE = await world(NEVER);

test('a walk that lives makes all its calls', () => {
  expect(ALIVE.first.stepsOf('newer')).toEqual(['purging', 'purged']);
  expect(ALIVE.calls.length).toBeGreaterThan(30);
});

describe.each([false, true])('a walk that dies at a call (heard: %s)', (heard) => {
  test.each(ALIVE.calls.map((call, index) => ({ call, nth: index + 1 })))(
    '$nth, $call, is gone on with, and each job is purged and certified once',
    async ({ nth }) => {
      const { second } = await world({ nth, heard });
      expect(second.deleted().toSorted()).toEqual(['newer', 'old']);
      const { ledger } = second.runtime.ports;
      const { certificates } = await ledger.certificates(0, 9);
      expect(certificates.map(({ job }) => job.jobId).toSorted()).toEqual(['newer', 'old']);
      expect((await ledger.historyMark('my-project'))?.mark.finishedAtMs).toBeDefined();
    },
  );
});

test('of two walks that both believe to have the lease the slower one gives up, and nothing is purged twice', async () => {
  const watchdog = await openPurge();
  const ids = Array.from({ length: 50 }, (_, index) => `job_${index}`);
  for (const [index, jobId] of ids.entries()) watchdog.sensitive(jobId, START_MS - (index + 1) * DAY_MS);
  const { ports } = watchdog.runtime;
  const free = { takeLease: async () => ({ version: '1' }), releaseLease: async () => undefined };
  const ledger = new Proxy(ports.ledger, {
    get: (target, key) => Reflect.get(Object.hasOwn(free, key) ? free : target, key),
  });
  const walked = await watchdog.clock.run(
    Promise.all(['here', 'there'].map((holder) => walkWith(watchdog, { ...ports, ledger, holder }))),
  );
  expect(walked.map(({ kind }) => kind).toSorted()).toEqual(['overtaken', 'walked']);
  for (const minute of [10, 20]) {
    await watchdog.clock.advanceTo(START_MS + minute * MINUTE_MS);
    await watchdog.sweep();
  }
  expect(new Set(watchdog.deleted())).toEqual(new Set(ids));
  expect(watchdog.deleted()).toHaveLength(ids.length);
  const { certificates } = await ports.ledger.certificates(0, 99);
  expect(certificates).toHaveLength(ids.length);
});
