import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it, onTestFinished } from 'vitest';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { ManualClock } from './manual-clock.ts';
import { raceProcesses } from './race-of-processes.ts';

it('several processes make and share one file: no lock error, each claim won once, nothing lost', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ledger-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'ledger.db');
  const open = (clock: ManualClock) => new SqliteStore({ path, clock });
  await raceProcesses({ processes: 6, jobs: 25, address: `sqlite:${path}`, open });
});
