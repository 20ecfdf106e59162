import { describe, expect, it, test } from 'vitest';
import { ConflictError, LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import { asFirestoreFault, wasRefused } from '../../shared/ledger/firestore-faults.ts';
import type { FirestoreStore } from '../../shared/ledger/firestore-store.ts';
import type { StoredDocument } from '../../shared/ledger/store.ts';
import { findEmulators } from '../google/emulators.ts';
import { type FaultyProxy, faultyProxy } from '../google/faulty-proxy.ts';
import { firestoreStore, freshProject, storeAt, useFirestore } from '../google/firestore-ledger.ts';
import { freePort } from '../google/free-port.ts';
import { describeWherePossible } from '../google/where-possible.ts';

const PLACE = 'firestore:acts in project shop';
const MARKER = 'SECRET_MARKER_7d21';

function grpcError(code: unknown): Error {
  return Object.assign(new Error(`${MARKER} in a document`), { code });
}

describe('what Firestore answers becomes an error of the ledger, which says what to do', () => {
  test.each([
    [4, 'DEADLINE_EXCEEDED', 'can be reached'],
    [5, 'NOT_FOUND', 'create the database'],
    [7, 'PERMISSION_DENIED', 'roles/datastore.user'],
    [8, 'RESOURCE_EXHAUSTED', 'quota'],
    [9, 'FAILED_PRECONDITION', 'firestore.indexes.json'],
    [14, 'UNAVAILABLE', 'can be reached'],
    [16, 'UNAUTHENTICATED', 'gcloud auth application-default login'],
    [15, 'code 15', 'gRPC'],
    [undefined, 'the Firestore client cannot be used', 'GOOGLE_CLOUD_PROJECT'],
  ])('code %s', (code, name, remedy) => {
    const fault = asFirestoreFault(grpcError(code), PLACE);
    expect(fault).toBeInstanceOf(LedgerUnavailableError);
    expect(fault.message).toContain(`ledger ${PLACE}: `);
    expect(fault.message).toContain(name);
    expect(fault.message).toContain(remedy);
    expect(fault.message).not.toContain(MARKER);
  });

  test('errors of ours come back as they are', () => {
    const conflict = new ConflictError(
      { kind: 'delete', collection: 'leases', key: 'a:1', ifVersion: '1' },
      0,
    );
    expect(asFirestoreFault(conflict, PLACE)).toBe(conflict);
  });

  test.each([
    [6, true],
    [9, true],
    [5, true],
    [10, true],
    [4, false],
    [14, false],
    [undefined, false],
  ])('a commit that ends with code %s was surely not written: %s', (code, refused) => {
    expect(wasRefused(grpcError(code))).toBe(refused);
  });
});

describeWherePossible('a Firestore that fails, on the emulator', findEmulators(), (sdk) => {
  const emulator = useFirestore(sdk);
  const write = { kind: 'create', collection: 'leases', key: 'lease:a', body: { of: MARKER } } as const;

  async function behindProxy(
    answerWithinMs?: number,
  ): Promise<{ proxy: FaultyProxy; store: FirestoreStore; direct: FirestoreStore }> {
    const proxy = await faultyProxy(emulator.host);
    const projectId = freshProject();
    const store = await storeAt(proxy.host, { projectId, ...(answerWithinMs && { answerWithinMs }) });
    return { proxy, store, direct: await storeAt(emulator.host, { projectId }) };
  }

  async function failureOf(work: Promise<unknown>): Promise<string> {
    const error = await work.then(
      () => 'nothing was thrown',
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(LedgerUnavailableError);
    return error instanceof Error ? error.message : '';
  }

  it('a commit that was written, and whose answer was lost, is known to be written', async () => {
    const { proxy, store, direct } = await behindProxy();
    proxy.holdAnswers();
    const writing = store.write([write, { ...write, key: 'lease:b' }]);
    while ((await direct.get('leases', 'lease:a')) === undefined);
    proxy.cut();
    const [version = ''] = await writing;
    expect(await direct.get('leases', 'lease:a')).toMatchObject({ version, body: write.body });
    await store.write([{ kind: 'delete', collection: 'leases', key: 'lease:a', ifVersion: version }]);
  });

  it('a commit whose answer was lost does not hold what somebody else has written since', async () => {
    const { proxy, store, direct } = await behindProxy();
    proxy.holdAnswers();
    const writing = store.write([write, { ...write, key: 'lease:b' }]);
    let stored: StoredDocument | undefined;
    while (stored === undefined) stored = await direct.get('leases', 'lease:a');
    const next = { ...write, kind: 'replace', body: { of: 'another' }, ifVersion: stored.version } as const;
    await direct.write([next]);
    proxy.cut();
    const [version = '', second = ''] = await writing;
    await expect(store.write([{ ...next, ifVersion: version }])).rejects.toThrow(ConflictError);
    expect(await direct.get('leases', 'lease:a')).toMatchObject({ body: next.body });
    expect(await direct.get('leases', 'lease:b')).toMatchObject({ version: second });
  });

  it('a commit that comes second is a conflict, also when it was sent twice', async () => {
    const { proxy, store, direct } = await behindProxy();
    await direct.write([{ ...write, key: 'lease:b' }]);
    proxy.holdAnswers();
    const writing = store.write([write, { ...write, key: 'lease:b' }]).catch((error: unknown) => error);
    await direct.get('leases', 'lease:a');
    proxy.cut();
    expect(await writing).toMatchObject({ name: 'ConflictError', key: 'lease:b', index: 1 });
  });

  it('that is silent is given up at the deadline, whatever was asked', async () => {
    const { proxy, store } = await behindProxy(200);
    proxy.holdAnswers();
    const find = { collection: 'leases', limit: 1 } as const;
    const asked = [
      () => store.get('leases', 'lease:a'),
      () => store.find(find),
      () => store.count({ collection: 'slots', group: 'g' }),
      () => store.write([write]),
      () => store.increment('a:1', 1, 1),
    ];
    for (const ask of asked) {
      expect(await failureOf(ask())).toMatch(
        /^ledger firestore:\(default\) in project test-\S+: Firestore does not answer within 0.2 s; look whether/,
      );
    }
  });

  it('that is not there is unavailable; one whose connection broke is used again', async () => {
    const { proxy, store } = await behindProxy();
    proxy.cut();
    expect(await store.write([write])).toHaveLength(1);
    const nowhere = await storeAt(`127.0.0.1:${await freePort()}`, { answerWithinMs: 2_000, warm: false });
    expect(await failureOf(nowhere.write([write]))).toContain('does not answer within 2 s');
  });

  it('a closed store is unavailable, also when it was never used', async () => {
    const store = firestoreStore();
    await store.close();
    expect(await failureOf(store.get('leases', 'lease:a'))).toContain('it was closed; open it again');
  });
});
