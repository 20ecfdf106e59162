import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { handleTick, openTick } from '../../functions/tick-runtime.ts';
import { jobAlerts, openWatchdog, pushBody, START_MS } from '../watchdog.ts';

const ROOT = join(import.meta.dirname, '../..');
const SETTINGS = readFileSync(join(ROOT, 'docs/settings.md'), 'utf8');
const DEPLOY = readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8');
const POLICIES = readFileSync(join(ROOT, 'demo/policies.yaml'), 'utf8');
const JsonObject = z.record(z.string(), z.json());

/** What the page has people write into a file. */
function fileOf(name: string): string {
  const [, text] = new RegExp(`^cat > ${name} <<'?END'?\\n(.*?)^END$`, 'ms').exec(SETTINGS) ?? [];
  if (text === undefined) throw new Error(`docs/settings.md writes no ${name}`);
  return text;
}

async function withSampleJob() {
  const watchdog = await openWatchdog({ policies: POLICIES });
  const lines = fileOf('jobs.jsonl').trim().split('\n');
  for (const line of lines) watchdog.simulator.load(JsonObject.parse(JSON.parse(line)));
  return watchdog;
}

describe('the samples of docs/settings.md do what the page says', () => {
  test.for([
    { name: 'the audit entry', message: () => JSON.parse(fileOf('entry.json')) },
    {
      name: 'the sweep',
      message: () => JSON.parse(/^echo '(.*)' > sweep\.json/m.exec(SETTINGS)?.[1] ?? ''),
    },
  ])('$name cancels the job', async ({ message }) => {
    const watchdog = await withSampleJob();
    expect(await watchdog.push(message())).toEqual({ status: 204, deadLetter: false });
    expect(watchdog.stepsOf('nightly_report')).toEqual(['cancelling', 'cancelled']);
  });
});

test('the sample of a failed job is run again by the first sweep, and told to have recovered by the next one', async () => {
  const watchdog = await openWatchdog({ verb: 'retry', policies: fileOf('retry.yaml') });
  const job = fileOf('failed.jsonl').replaceAll('$NOW', String(START_MS));
  watchdog.simulator.load(JsonObject.parse(JSON.parse(job)));
  await watchdog.clock.advanceTo(START_MS + 1_000);
  const message = JSON.parse(/^echo '(.*)' > sweep\.json && push sweep\.json &&/m.exec(SETTINGS)?.[1] ?? '');
  expect(await watchdog.push(message)).toEqual({ status: 204, deadLetter: false });
  expect(watchdog.stepsOf('nightly_merge')).toEqual(['retry-scheduled', 'retried']);
  await watchdog.clock.advanceBy(60_000);
  await watchdog.push(message);
  expect(watchdog.stepsOf('nightly_merge').at(-1)).toBe('recovered');
});

test('of the samples that hold a card number the first sweep purges the one that is not on hold', async () => {
  const [policies, holds] = [fileOf('purge.yaml'), fileOf('holds.yaml')];
  const watchdog = await openWatchdog({ verb: 'purge', policies, holds });
  const lines = fileOf('ended.jsonl')
    .replaceAll('$ENDED', String(START_MS - 3_600_000))
    .trim();
  for (const line of lines.split('\n')) watchdog.simulator.load(JsonObject.parse(JSON.parse(line)));
  expect(await watchdog.sweep()).toEqual({ status: 204, deadLetter: false });
  expect(watchdog.stepsOf('find_order')).toEqual(['purging', 'purged']);
  expect(watchdog.stepsOf('evidence')).toEqual(['observed']);
  expect(jobAlerts(watchdog.alerts).find(({ data }) => data.job.jobId === 'evidence')?.data.because).toBe(
    'held',
  );
});

test('the tick of docs/deploy.md is the one that docs/settings.md tells, and asks for a sweep', async () => {
  const text = /--message-body='(.*)'/.exec(DEPLOY)?.[1] ?? '';
  expect(SETTINGS).toContain(`| \`tick\` | \`${text}\``);
  const environment = {
    WATCHDOG_PROJECTS: 'my-project',
    WATCHDOG_SWEEP_TOPICS: 'cancel=projects/p/topics/watchdog-cancel',
  };
  const clock = { now: () => START_MS, sleep: async () => undefined };
  const published: string[] = [];
  const runtime = openTick({ clock, environment, writeLine: () => undefined }, (topics) => ({
    has: (verb) => topics.has(verb),
    publish: async (verb, projectId) => void published.push(`${verb} ${projectId}`),
  }));
  expect(await handleTick(pushBody(JSON.parse(text)), runtime)).toEqual({ status: 204, deadLetter: false });
  expect(published).toEqual(['cancel my-project']);
});
