import type { SimulatorMethod } from '../../simulator/faults.ts';
import type { Measure, Part, Target } from '../part.ts';
import { type PlayedRetries, type PlayedSweep, playRetries } from './played-retries.ts';
import { type RetryScene, settleFloorMs, startFloorMs } from './retry-floor.ts';

const CALL_MS = 25;
const ACCOUNTS = 10;
const SECOND_MS = 1_000;

const SCENES: readonly RetryScene[] = [
  { failures: 100, successes: 0 },
  { failures: 1_000, successes: 0 },
  { failures: 100, successes: 900 },
].map((jobs) => ({ ...jobs, accounts: ACCOUNTS, callMs: CALL_MS }));

const QUICK_SCENES: readonly RetryScene[] = SCENES.map(({ failures, successes, ...scene }) => ({
  ...scene,
  failures: failures / 10,
  successes: successes / 10,
}));

/** Part (f): how fast failures are run again, and at how many calls. */
export const retryPart: Part = {
  letter: 'f',
  title: 'Retries, at 25 ms a call',
  async measure({ quick, progress }) {
    const played: Played[] = [];
    for (const scene of quick ? QUICK_SCENES : SCENES) {
      progress(nameOf(scene));
      played.push({ scene, ...(await playRetries(scene)) });
    }
    return [...played.map(rateOf), ...played.flatMap(timesOf), ...played.flatMap(callsOf)];
  },
};

interface Played extends PlayedRetries {
  readonly scene: RetryScene;
}

function nameOf({ failures, successes }: RetryScene): string {
  const beside = successes === 0 ? '' : ` beside ${successes.toLocaleString('en')} jobs that succeed`;
  return `${failures.toLocaleString('en')} failures${beside}`;
}

function rateOf({ scene, starting }: Played): Measure {
  return {
    what: `retries started: ${nameOf(scene)}`,
    unit: 'per virtual s',
    values: [(scene.failures / starting.lastMs) * SECOND_MS],
  };
}

function timesOf({ scene, starting, settling }: Played): readonly Measure[] {
  const against = (what: string, ms: number, floorMs: number): Measure => ({
    what: `time to the last ${what} against the floor: ${nameOf(scene)}`,
    unit: 'x',
    values: [ms / floorMs],
    target: atMost(1.3),
  });
  return [
    against('insert', starting.lastMs, startFloorMs(scene)),
    against('outcome', settling.lastMs, settleFloorMs(scene)),
  ];
}

/** What docs/retry.md tells of retries that fall due together, and of tokens. Lists have as many pages as there are jobs for. */
function callsOf({ scene, starting, settling }: Played): readonly Measure[] {
  const { failures, accounts } = scene;
  const calls = (doing: string, { calls }: PlayedSweep, method: SimulatorMethod, most?: number): Measure => ({
    what: `for each retry, ${doing}: ${method}, ${nameOf(scene)}`,
    unit: 'calls',
    values: [(calls.get(method) ?? 0) / failures],
    ...(most !== undefined && { target: atMost(most) }),
  });
  return [
    calls('to start it', starting, 'list'),
    calls('to start it', starting, 'get', 2),
    calls('to start it', starting, 'insert', 1),
    calls('to start it', starting, 'generateAccessToken', Math.min(1, accounts / failures)),
    calls('to settle it', settling, 'list'),
    calls('to settle it', settling, 'get', 2),
  ];
}

function atMost(bound: number): Target {
  return { of: 'most', side: 'at most', bound };
}
