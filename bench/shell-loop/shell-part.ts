import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSdk } from '../../test/simulator/real-bq.ts';
import { pushBody } from '../../test/watchdog.ts';
import { pushMany } from '../event/load.ts';
import { serveFunction } from '../event/served-function.ts';
import type { Part } from '../part.ts';
import { sideBySide } from '../side-by-side.ts';
import { bqLoop } from './bq-loop.ts';
import { openScene, PROJECT, type Scene } from './scene.ts';

const POLICIES = `
version: 1
mode: enforce
breaker: { acts: 1000, per: 1h, share: 50% }
policies:
  - { name: too-long, limit: { runtime: 30m }, action: cancel }
`;

/** Offenders do not all end: neither side is fast that leaves some running. */
export class StillRunningError extends Error {
  override readonly name = 'StillRunningError';

  constructor(count: number) {
    super(`${count} offenders run still: expected none after the sweep`);
  }
}

/** What an operator's loop over `bq` takes, and what one message to the watchdog does. */
export const shellPart: Part = {
  letter: 'd',
  title: 'Against the shell loop of today',
  async measure({ quick, progress }) {
    const sdk = findSdk();
    if (sdk === undefined) {
      progress('left out: there is no Google Cloud SDK here, so no bq');
      return [];
    }
    const [jobs, offenders, sample, rounds] = quick ? [100, 5, 1, 1] : [1_000, 10, 2, 3];
    progress(`bq over ${jobs} jobs, ${sample} of ${offenders} offenders; then one sweep over as many`);
    const inScene = async (work: (scene: Scene) => Promise<number>): Promise<number> => {
      const scene = await openScene(jobs, offenders);
      try {
        return await work(scene);
      } finally {
        await scene.close();
      }
    };
    const loop = async (scene: Scene): Promise<number> => {
      const { listMs, perOffenderMs } = await bqLoop(sdk, scene, jobs, sample);
      return listMs + perOffenderMs * offenders;
    };
    const timed = await sideBySide(rounds, { loop: () => inScene(loop), sweep: () => inScene(sweepOnce) });
    return [
      {
        what: `stopping ${offenders} of ${jobs} jobs: the loop over bq / one sweep message`,
        unit: 'x',
        values: timed.ratios('loop', 'sweep'),
        target: { of: 'median', side: 'at least', bound: 50 },
        note: `bq ran for ${sample} offenders, and is extrapolated to ${offenders}; the sweep is timed until it answers`,
      },
    ];
  },
};

/** Milliseconds from pushing a sweep message to the real function until it answers: all offenders have ended. */
async function sweepOnce(scene: Scene): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'watchdog-bench-'));
  const policies = join(folder, 'policies.yaml');
  writeFileSync(policies, POLICIES);
  const served = await serveFunction('functions/index.ts', {
    FUNCTION_TARGET: 'cancel',
    WATCHDOG_POLICIES: policies,
    WATCHDOG_LEDGER: `sqlite:${join(folder, 'ledger.sqlite')}`,
    WATCHDOG_PROJECTS: PROJECT,
    WATCHDOG_TICK_SECONDS: '5',
    WATCHDOG_BIGQUERY_ENDPOINT: scene.address,
  });
  try {
    const body = JSON.stringify(pushBody({ sweep: { projectId: PROJECT } }));
    const seconds = await pushMany(served.port, body, 1);
    const left = scene.running().length;
    if (left > 0) throw new StillRunningError(left);
    return seconds * 1_000;
  } finally {
    served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
