import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import type { FileLoss } from '../../shared/ledger/file-identity.ts';
import { openStore } from '../../shared/ledger/open-store.ts';
import { reopeningStore } from '../../shared/ledger/reopening-store.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { SECOND_MS } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';
import { newDirectory } from './new-directory.ts';

const KEY = 'k:1';
const CREATE = { kind: 'create', collection: 'looks', key: KEY, body: {} } as const;

function opened(path: string, clock = new ManualClock(), losses: FileLoss[] = []): LedgerStore {
  const store = openStore({ kind: 'sqlite', path }, { clock, onLoss: (loss) => void losses.push(loss) });
  onTestFinished(() => store.close());
  return store;
}

it('opens nothing before its first use, and tries again after it failed', async () => {
  const clock = new ManualClock();
  let isThere = false;
  let tries = 0;
  const store = reopeningStore('a place', () => {
    tries += 1;
    if (!isThere) throw new LedgerUnavailableError('a place', 'it is away', 'wait');
    return new SqliteStore({ path: ':memory:', clock });
  });
  onTestFinished(() => store.close());
  expect(tries).toBe(0);
  await expect(store.write([CREATE])).rejects.toThrow('it is away');
  await expect(store.get('looks', KEY)).rejects.toThrow('it is away');
  isThere = true;
  await store.write([CREATE]);
  expect(await store.get('looks', KEY)).toBeDefined();
  expect(await store.find({ collection: 'looks', limit: 9 })).toHaveLength(1);
  expect(await store.increment('k:2', 2, clock.now() + 1)).toBe(2);
  expect(tries).toBe(3);
});

it('may be closed before it was opened, and is not opened again by its use after it was closed', async () => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new ManualClock();
  await opened(path, clock).close();
  const store = opened(path, clock);
  await store.write([CREATE]);
  await store.close();
  rmSync(path);
  clock.advance(SECOND_MS);
  await expect(store.get('looks', KEY)).rejects.toThrow('it was closed');
});

it.each([
  { name: 'deleted', change: (path: string) => rmSync(path) },
  { name: 'moved away', change: (path: string) => renameSync(path, `${path}.old`) },
])('makes a new file within a second after its file was $name, where others see it', async ({ change }) => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new ManualClock();
  const losses: FileLoss[] = [];
  const store = opened(path, clock, losses);
  await store.write([CREATE]);
  change(path);
  clock.advance(SECOND_MS);
  expect(await store.get('looks', KEY)).toBeUndefined();
  await store.write([CREATE]);
  expect(await opened(path).get('looks', KEY)).toBeDefined();
  expect(losses).toStrictEqual(['replaced']);
});

it('serves nobody any more once its log was removed, where others write what it would not see', async () => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new ManualClock();
  const losses: FileLoss[] = [];
  const store = opened(path, clock, losses);
  await store.write([CREATE]);
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`);
  clock.advance(SECOND_MS);
  for (let time = 0; time < 3; time++) {
    await expect(store.get('looks', KEY)).rejects.toThrow('end this process and start it again');
    clock.advance(SECOND_MS);
  }
  expect(losses).toStrictEqual(['torn']);
  rmSync(path);
  clock.advance(SECOND_MS);
  expect(await store.get('looks', KEY)).toBeUndefined();
  expect(losses).toStrictEqual(['torn', 'replaced']);
});

it('works in the file that took the place of its own', async () => {
  const directory = newDirectory();
  const [path, other] = [join(directory, 'ledger.db'), join(directory, 'other.db')];
  const clock = new ManualClock();
  const store = opened(path, clock);
  await store.write([CREATE]);
  const another = opened(other);
  await another.write([{ ...CREATE, key: 'k:other' }]);
  await another.close();
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`);
  renameSync(other, path);
  clock.advance(SECOND_MS);
  expect((await store.find({ collection: 'looks', limit: 9 })).map(({ key }) => key)).toStrictEqual([
    'k:other',
  ]);
});

it('goes on in its file when the clock was set back, and when nothing happened to the file', async () => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new ManualClock();
  const losses: FileLoss[] = [];
  const store = opened(path, clock, losses);
  await store.write([CREATE]);
  await opened(path).close();
  for (const ms of [0, SECOND_MS, -100 * SECOND_MS, 200 * SECOND_MS]) {
    clock.advance(ms);
    expect(await store.get('looks', KEY)).toBeDefined();
  }
  expect(losses).toStrictEqual([]);
  clock.advance(-100 * SECOND_MS);
  rmSync(path);
  expect(await store.get('looks', KEY)).toBeUndefined();
});

it('opens a damaged file again at the next use, and finds the copy that was written over it', async () => {
  const directory = newDirectory();
  const path = join(directory, 'ledger.db');
  const copy = join(directory, 'copy.db');
  const filled = opened(path);
  for (let index = 0; index < 100; index++) {
    await filled.write([{ ...CREATE, key: `k:${index}`, body: { text: 'x'.repeat(1_000) } }]);
  }
  await filled.close();
  copyFileSync(path, copy);
  // The header page stays whole, so that it opens.
  writeFileSync(path, readFileSync(path).fill(0xab, 4_096));
  const store = opened(path);
  await expect(store.get('looks', 'k:7')).rejects.toThrow('it is damaged; restore a copy');
  // The same inode: only the damage told that it must be opened again.
  writeFileSync(path, readFileSync(copy));
  expect(await store.get('looks', 'k:7')).toBeDefined();
});

function lockedBy(path: string): DatabaseSync {
  const meddler = new DatabaseSync(path);
  onTestFinished(() => {
    if (meddler.isOpen) meddler.close();
  });
  meddler.exec('BEGIN IMMEDIATE');
  return meddler;
}

it('waits for a lock of another process, and meanwhile lets everything else go on', async () => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new ManualClock();
  const letGoAtMs = clock.now() + 3 * SECOND_MS;
  let meddler: DatabaseSync | undefined;
  const store = openStore(
    { kind: 'sqlite', path },
    {
      clock: {
        now: () => clock.now(),
        sleep: async (ms) => {
          clock.advance(ms);
          if (clock.now() >= letGoAtMs && meddler?.isTransaction) meddler.exec('COMMIT');
        },
      },
    },
  );
  onTestFinished(() => store.close());
  await store.increment(KEY, 1, clock.now() + 60 * SECOND_MS);
  meddler = lockedBy(path);
  const sums = await Promise.all([1, 2, 3].map(() => store.increment(KEY, 1, clock.now() + 60 * SECOND_MS)));
  expect(sums.toSorted()).toStrictEqual([2, 3, 4]);
  expect(clock.now()).toBeGreaterThanOrEqual(letGoAtMs);
});

it('gives up on a lock after some seconds, in which others had their turn', async () => {
  const path = join(newDirectory(), 'ledger.db');
  const clock = new ManualClock();
  const store = opened(path, clock);
  await store.write([CREATE]);
  lockedBy(path);
  const startMs = clock.now();
  await expect(store.write([{ ...CREATE, key: 'k:2' }])).rejects.toThrow('another process holds its lock');
  expect(clock.now() - startMs).toBeGreaterThan(3 * SECOND_MS);
  expect(clock.now() - startMs).toBeLessThan(6 * SECOND_MS);
});
