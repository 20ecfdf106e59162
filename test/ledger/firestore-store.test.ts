import { Firestore, Timestamp } from '@google-cloud/firestore';
import { expect, it, onTestFinished } from 'vitest';
import { JsonObject } from '../../shared/ledger/document-row.schema.ts';
import { ConflictError } from '../../shared/ledger/errors.ts';
import { readDocument, readEach } from '../../shared/ledger/read-document.ts';
import { findEmulators } from '../google/emulators.ts';
import {
  emulatorEnvironment,
  firestoreStore,
  freshProject,
  useFirestore,
} from '../google/firestore-ledger.ts';
import { describeWherePossible } from '../google/where-possible.ts';
import { describeLedgerContract } from './ledger-contract.ts';
import { ManualClock } from './manual-clock.ts';
import type { OpenStore } from './open-store.ts';
import { raceProcesses } from './race-of-processes.ts';
import { describeStoreContract } from './store-contract.ts';

describeWherePossible('a Firestore store, on the emulator', findEmulators(), (sdk) => {
  const emulator = useFirestore(sdk);
  const lease = { kind: 'create', collection: 'leases', key: 'lease:a', body: { holder: 'a' } } as const;
  const open: OpenStore = async (clock) => firestoreStore(clock);
  describeStoreContract(open);
  describeLedgerContract(open);

  it('several processes share one database: each claim won once, nothing lost', async () => {
    const projectId = freshProject();
    const environment = { ...emulatorEnvironment(emulator.host), GOOGLE_CLOUD_PROJECT: projectId };
    const open = (clock: ManualClock) => firestoreStore(clock, { projectId });
    // Each of them loads Google's client, which takes a slow machine long.
    await raceProcesses({ processes: 3, jobs: 12, address: 'firestore:', open, environment });
  });

  it('databases of one project are apart', async () => {
    const projectId = freshProject();
    const clock = new ManualClock();
    const [one, other] = ['one-database', 'other-database'].map((database) =>
      firestoreStore(clock, { projectId, database }),
    );
    await one?.write([lease]);
    expect(await one?.get('leases', 'lease:a')).toMatchObject({ key: 'lease:a' });
    expect(await other?.get('leases', 'lease:a')).toBeUndefined();
  });

  it('a write that changes nothing gives another version all the same', async () => {
    const store = firestoreStore();
    const [first = ''] = await store.write([lease]);
    const [second = ''] = await store.write([{ ...lease, kind: 'replace', ifVersion: first }]);
    expect(second).not.toBe(first);
    await expect(store.write([{ ...lease, kind: 'replace', ifVersion: first }])).rejects.toThrow(
      ConflictError,
    );
  });

  it('says when a document expires in a field that TTL can read, and takes it away again', async () => {
    const projectId = freshProject();
    const clock = new ManualClock();
    const store = firestoreStore(clock, { projectId });
    const database = new Firestore({ projectId });
    onTestFinished(() => database.terminate());
    const stored = async () => (await database.doc('watchdog-leases/lease:a').get()).data();
    const [first = ''] = await store.write([{ ...lease, expiresAtMs: clock.now() + 1 }]);
    expect(await stored()).toMatchObject({ expiresAt: Timestamp.fromMillis(clock.now() + 1) });
    await store.write([{ ...lease, kind: 'replace', ifVersion: first }]);
    expect(await stored()).not.toHaveProperty('expiresAt');
  });

  it('a document that another program left there is named, not quoted', async () => {
    const projectId = freshProject();
    const database = new Firestore({ projectId });
    onTestFinished(() => database.terminate());
    const store = firestoreStore(new ManualClock(), { projectId });
    for (const fields of [{}, { body: 'SECRET' }, { body: 7 }, { body: '[]' }]) {
      await database.doc('watchdog-leases/lease:a').set(fields);
      const found = await store.find({ collection: 'leases', limit: 9 });
      const { unreadable } = readEach(found, (document) => readDocument(store, document, JsonObject));
      expect(unreadable).toHaveLength(1);
      expect(String(unreadable[0])).toContain('document leases/lease:a cannot be read: ');
      expect(String(unreadable[0])).not.toContain('SECRET');
      expect(await store.get('leases', 'lease:a')).toStrictEqual(found[0]);
    }
  });
});
