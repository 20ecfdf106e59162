import { describe, expect, test } from 'vitest';
import { SettingsError } from '../../functions/environment.ts';
import { handleTick, openTick } from '../../functions/tick-runtime.ts';
import { pushBody, START_MS } from '../watchdog.ts';

const SETTINGS = {
  WATCHDOG_PROJECTS: 'my-project,other-project,example.com:third-project',
  WATCHDOG_SWEEP_TOPICS: 'cancel=projects/p/topics/cancel,retry=projects/p/topics/retry',
};

/** `tick` with a topic that takes what it is given, but for these projects. */
function opened(refuses: readonly string[] = [], settings: Readonly<Record<string, string>> = SETTINGS) {
  const published: string[] = [];
  const lines: string[] = [];
  const clock = { now: () => START_MS, sleep: async () => undefined };
  const world = { clock, environment: settings, writeLine: (line: string) => void lines.push(line) };
  const runtime = openTick(world, (topics) => ({
    has: (verb) => topics.has(verb),
    publish: async (verb, projectId, history) => {
      if (refuses.includes(projectId)) throw new Error('out of reach');
      const range = history ? ` ${history.fromMs} ${history.toMs}` : '';
      published.push(`${topics.get(verb)} ${projectId}${range}`);
    },
  }));
  return { tick: (content: unknown) => handleTick(pushBody(content), runtime), published, lines };
}

test('a tick asks for one sweep of every project, at the topic of its verb', async () => {
  const { tick, published } = opened();
  expect(await tick({ tick: 'sweep', verb: 'cancel' })).toEqual({ status: 204, deadLetter: false });
  expect(published).toEqual([
    'projects/p/topics/cancel my-project',
    'projects/p/topics/cancel other-project',
    'projects/p/topics/cancel example.com:third-project',
  ]);
});

test('a project whose message is not taken keeps the others from nothing, and the tick comes again', async () => {
  const { tick, published } = opened(['other-project']);
  expect((await tick({ tick: 'sweep', verb: 'retry' })).status).toBe(503);
  expect(published).toEqual([
    'projects/p/topics/retry my-project',
    'projects/p/topics/retry example.com:third-project',
  ]);
});

test('a tick of history asks for a walk through the last 180 days of every project', async () => {
  const WATCHDOG_SWEEP_TOPICS = 'purge=projects/p/topics/purge';
  const { tick, published } = opened([], {
    WATCHDOG_SWEEP_TOPICS,
    WATCHDOG_PROJECTS: 'my-project,other-project',
  });
  expect(await tick({ tick: 'history', verb: 'purge' })).toEqual({ status: 204, deadLetter: false });
  const range = `${START_MS - 180 * 86_400_000} ${START_MS}`;
  expect(published).toEqual([
    `projects/p/topics/purge my-project ${range}`,
    `projects/p/topics/purge other-project ${range}`,
  ]);
});

describe('what is no tick of ours is refused, once, without its payload', () => {
  test.each([
    { name: 'an unknown verb', content: { tick: 'sweep', verb: 'MARKER' } },
    { name: 'a verb without a topic', content: { tick: 'sweep', verb: 'purge' } },
    { name: 'a history that the verb does not have', content: { tick: 'history', verb: 'cancel' } },
    { name: 'a sweep message', content: { sweep: { projectId: 'MARKER' } } },
    { name: 'something else', content: 'MARKER' },
  ])('$name', async ({ content }) => {
    const { tick, published, lines } = opened();
    expect(await tick(content)).toEqual({ status: 204, deadLetter: true });
    expect(published).toEqual([]);
    const letters = lines.filter((line) => line.includes('"message":"dead-letter"'));
    expect(letters.map((line) => JSON.parse(line))).toMatchObject([
      { messageId: '1', fault: expect.stringMatching(/\w/) },
    ]);
    expect(lines.join('')).not.toContain('MARKER');
  });
});

test('what no tick says is told in words that this version carries out', async () => {
  const { tick, lines } = opened();
  await tick({ tick: 'swep', verb: 'cancel' });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    message: 'dead-letter',
    fault: expect.stringContaining('it is no tick: expected {"tick": "sweep", "verb": "cancel"'),
  });
});

test('the settings of a verb may stand in its environment; its own must be there', () => {
  const world = { clock: { now: () => 0, sleep: async () => undefined }, writeLine: () => undefined };
  const verbs = { WATCHDOG_POLICIES: 'x', WATCHDOG_LEDGER: 'x', WATCHDOG_HOLDS: 'x' };
  expect(() => openTick({ ...world, environment: { ...SETTINGS, ...verbs } })).not.toThrow();
  expect(() => openTick({ ...world, environment: {} })).toThrow(SettingsError);
  const wrong = { ...SETTINGS, WATCHDOG_SWEEP_TOPICS: 'cancel=topics/x,cancle=projects/p/topics/t' };
  expect(() => openTick({ ...world, environment: wrong })).toThrow(/expected VERB=projects/);
});
