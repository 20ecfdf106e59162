import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JsonObject } from '../../shared/ledger/document-row.schema.ts';
import { LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import { readDocument, readEach } from '../../shared/ledger/read-document.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { describeLedgerContract } from './ledger-contract.ts';
import { DAY_MS, HOUR_MS, JOB, request } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';
import { newDirectory } from './new-directory.ts';
import type { OpenStore } from './open-store.ts';
import { describeStoreContract } from './store-contract.ts';

function opened(path: string, clock = new ManualClock()): SqliteStore {
  const store = new SqliteStore({ path, clock });
  onTestFinished(() => store.close());
  return store;
}

const inMemory: OpenStore = async (clock) => opened(':memory:', clock);
const inFile: OpenStore = async (clock) => opened(join(newDirectory(), 'ledger.db'), clock);

describe.each([
  ['in memory', inMemory],
  ['in a file', inFile],
])('a SQLite store %s', (_, open) => {
  describeStoreContract(open);
  describeLedgerContract(open);
});

describe('a SQLite file', () => {
  it('keeps everything over a restart', async () => {
    const path = join(newDirectory(), 'ledger.db');
    const clock = new ManualClock();
    const before = openLedger(opened(path, clock), clock);
    await before.win(request());
    await before.savePolicy('cancel', 'version: 1');
    await before.close();
    const after = openLedger(opened(path, clock), clock);
    expect(await after.win(request({ holder: 'instance-b' }))).toMatchObject({
      kind: 'held',
      claim: { holder: 'instance-a' },
    });
    expect(await after.lastGoodPolicy('cancel')).toMatchObject({ text: 'version: 1' });
  });

  it('that is made anew after a loss gives no version of the lost one', async () => {
    const directory = newDirectory();
    const clock = new ManualClock();
    const write = { kind: 'create', collection: 'leases', key: 'lease:a', body: {} } as const;
    const [lost] = await opened(join(directory, 'one.db'), clock).write([write]);
    clock.advance(1);
    const [next] = await opened(join(directory, 'two.db'), clock).write([write]);
    expect(next).not.toBe(lost);
  });

  it('does not grow for ever: what has expired a day ago goes, what has just expired stays', async () => {
    const path = join(newDirectory(), 'ledger.db');
    const clock = new ManualClock();
    const store = opened(path, clock);
    const create = (name: string, count: number) =>
      store.write(
        Array.from({ length: count }, (_, index) => ({
          kind: 'create',
          collection: 'looks',
          key: `${name}:${index}`,
          body: {},
          expiresAtMs: clock.now() + HOUR_MS,
        })),
      );
    await create('old', 1_100);
    clock.advance(HOUR_MS + DAY_MS);
    await create('new', 1_000);
    clock.advance(HOUR_MS);
    await create('newest', 1_000);
    await store.close();
    const file = new DatabaseSync(path, { readOnly: true });
    onTestFinished(() => file.close());
    const kept = file
      .prepare(
        `SELECT substr(key, 1, instr(key, ':') - 1) AS name, count(*) AS count FROM documents GROUP BY name`,
      )
      .all();
    expect(kept.map(({ name, count }) => [name, count])).toStrictEqual([
      ['new', 1_000],
      ['newest', 1_000],
    ]);
  });

  it('is waited for also by a caller who has no other way to wait', async () => {
    const path = join(newDirectory(), 'ledger.db');
    const { nowMs } = new ManualClock();
    const store = new SqliteStore({ path, clock: { now: () => nowMs } });
    onTestFinished(() => store.close());
    const lock = `const { DatabaseSync } = require('node:sqlite'); const file = new DatabaseSync(process.argv[1]);
      file.exec('BEGIN IMMEDIATE'); console.log('locked'); setTimeout(() => file.exec('COMMIT'), 400)`;
    const meddler = spawn(process.execPath, ['-e', lock, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void meddler.kill());
    await once(meddler.stdout, 'data');
    expect(await store.increment('k:1', 1, nowMs + 1)).toBe(1);
  });

  it('writes nothing of a batch that fails half way, also when the failure is SQLite’s', async () => {
    const path = join(newDirectory(), 'ledger.db');
    const store = opened(path);
    const meddler = new DatabaseSync(path);
    meddler.exec(
      `CREATE TRIGGER full BEFORE INSERT ON documents WHEN NEW.key = 'k:2'
       BEGIN SELECT RAISE(ABORT, 'no more'); END`,
    );
    meddler.close();
    const create = (key: string) => ({ kind: 'create', collection: 'looks', key, body: {} }) as const;
    await expect(store.write([create('k:1'), create('k:2')])).rejects.toThrow(LedgerUnavailableError);
    expect(await store.get('looks', 'k:1')).toBeUndefined();
    expect(await store.write([create('k:1')])).toHaveLength(1);
  });

  it('with bodies that were damaged finds them all the same, names them and does not quote them', async () => {
    const path = join(newDirectory(), 'ledger.db');
    const store = opened(path);
    await store.write([
      { kind: 'create', collection: 'looks', key: 'k:1', body: {} },
      { kind: 'create', collection: 'looks', key: 'k:2', body: {} },
      { kind: 'create', collection: 'looks', key: 'k:3', body: {} },
      { kind: 'create', collection: 'looks', key: 'k:4', body: { whole: true } },
    ]);
    const meddler = new DatabaseSync(path);
    meddler.exec(`UPDATE documents SET body = 'SELECT secret' WHERE key = 'k:1'`);
    meddler.exec(`UPDATE documents SET body = '["secret"]' WHERE key = 'k:2'`);
    meddler.exec(`UPDATE documents SET body = x'5b5d' WHERE key = 'k:3'`);
    meddler.close();
    const found = await store.find({ collection: 'looks', limit: 9 });
    const { read, unreadable } = readEach(found, (document) => readDocument(store, document, JsonObject));
    expect(read).toStrictEqual([{ whole: true }]);
    expect(unreadable.map(({ key }) => key)).toStrictEqual(['k:1', 'k:2', 'k:3']);
    for (const [index, refused] of unreadable.entries()) {
      expect(String(refused)).toContain(`document looks/k:${index + 1} cannot be read: its body is no JSON`);
      expect(String(refused)).not.toContain('secret');
    }
    expect(await store.get('looks', 'k:1')).toStrictEqual(found[0]);
  });
});

describe('a SQLite ledger that cannot be reached', () => {
  const cases = [
    {
      name: 'a path in a missing directory',
      make: (directory: string) => join(directory, 'missing', 'ledger.db'),
      says: 'its directory must exist',
    },
    {
      name: 'a path that is a directory',
      make: (directory: string) => {
        const path = join(directory, 'ledger.db');
        mkdirSync(path);
        return path;
      },
      says: 'unable to open database file',
    },
    {
      name: 'a file that is no database',
      make: (directory: string) => {
        const path = join(directory, 'ledger.db');
        writeFileSync(path, 'version: 1\npolicies: []\n'.repeat(100));
        return path;
      },
      says: 'it is no SQLite database; correct the path, or move the file away, and the function makes a new one',
    },
    {
      name: 'a database of another program',
      make: (directory: string) => {
        const path = join(directory, 'ledger.db');
        const database = new DatabaseSync(path);
        database.exec('CREATE TABLE songs (title TEXT); PRAGMA user_version = 1');
        database.close();
        return path;
      },
      says: 'it is a database of another program (application id 0, 1 tables and indexes)',
    },
    {
      name: 'a file of a newer watchdog',
      make: (directory: string) => {
        const path = join(directory, 'ledger.db');
        const database = new DatabaseSync(path);
        database.exec(
          `CREATE TABLE ledger (a); PRAGMA application_id = ${0x42514a57}; PRAGMA user_version = 7`,
        );
        database.close();
        return path;
      },
      says: 'it is of schema version 7, this watchdog knows up to 1; run the newer watchdog',
    },
  ];

  it.each(cases)('says so of $name, and leaves it as it was', ({ make, says }) => {
    const path = make(newDirectory());
    const before = existsSync(path) && path.endsWith('.db') ? contentOf(path) : undefined;
    const refused = refusalOf(path);
    expect(refused).toBeInstanceOf(LedgerUnavailableError);
    expect(refused).toMatchObject({ place: path });
    expect(String(refused)).toContain(`ledger ${path}: `);
    expect(String(refused)).toContain(says);
    expect(existsSync(path) ? contentOf(path) : undefined).toStrictEqual(before);
  });

  it('says so when pages of its file are damaged', async () => {
    const path = join(newDirectory(), 'ledger.db');
    const clock = new ManualClock();
    const store = opened(path, clock);
    const ledger = openLedger(store, clock);
    for (let index = 0; index < 200; index++) {
      await ledger.win(request({ job: { ...JOB, jobId: `job_${index}` } }));
    }
    await ledger.close();
    const bytes = readFileSync(path);
    // The header page stays whole, so that it opens.
    writeFileSync(path, bytes.fill(0xab, 4_096));
    const damaged = openLedger(opened(path, clock), clock);
    await expect(damaged.claim({ ...JOB, jobId: 'job_7' }, 'cancel', 1)).rejects.toThrow(
      LedgerUnavailableError,
    );
    await expect(damaged.win(request())).rejects.toThrow('restore a copy');
  });
});

function refusalOf(path: string): unknown {
  try {
    return opened(path);
  } catch (error) {
    return error;
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'base64');
  } catch {
    return undefined;
  }
}
