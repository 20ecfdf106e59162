import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import { FirestoreStore, type FirestoreStoreOptions } from '../../shared/ledger/firestore-store.ts';
import { ManualClock } from '../ledger/manual-clock.ts';
import { type Emulator, type Sdk, startFirestore } from './emulators.ts';

/** Runs a Firestore for the tests of this block; Google's client finds it by its environment. */
export function useFirestore(sdk: Sdk): { readonly host: string } {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startFirestore(sdk);
    Object.assign(process.env, emulatorEnvironment(emulator.host));
  });
  afterAll(() => emulator?.stop());
  return {
    get host() {
      return emulator?.host ?? '';
    },
  };
}

/** What makes Google's client use the emulator, and look for no other surroundings. */
export function emulatorEnvironment(host: string): Record<string, string> {
  return { FIRESTORE_EMULATOR_HOST: host, METADATA_SERVER_DETECTION: 'none' };
}

let projects = 0;

/** A project that no test has used: the emulator has every project, each with its own empty databases. */
export function freshProject(): string {
  return `test-${process.pid}-${++projects}`;
}

/** A store that tells the time of a test's clock, and waits by the machine's. */
export function firestoreStore(
  clock = new ManualClock(),
  options: Partial<FirestoreStoreOptions> = {},
): FirestoreStore {
  const store = new FirestoreStore({
    database: '(default)',
    projectId: freshProject(),
    // The machine may have other things to do.
    answerWithinMs: 100_000,
    ...options,
    clock: { now: () => clock.now(), sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }) },
  });
  onTestFinished(() => store.close());
  return store;
}

const MOST_TRIES = 100;

/** Until an answer comes in time: to load the client and to connect may take longer than a store waits for one. */
async function warmUp(store: FirestoreStore, tries = MOST_TRIES): Promise<void> {
  try {
    await store.get('leases', 'lease:warm');
  } catch (error) {
    if (!(error instanceof LedgerUnavailableError) || tries === 1) throw error;
    await warmUp(store, tries - 1);
  }
}

/** A store that has connected to that address; the client looks at its environment once. */
export async function storeAt(
  host: string,
  { warm = true, ...options }: Partial<FirestoreStoreOptions> & { readonly warm?: boolean } = {},
): Promise<FirestoreStore> {
  const before = process.env['FIRESTORE_EMULATOR_HOST'];
  process.env['FIRESTORE_EMULATOR_HOST'] = host;
  const store = firestoreStore(new ManualClock(), options);
  await (warm ? warmUp(store) : store.find({ collection: 'leases', limit: 0 }));
  Object.assign(process.env, { FIRESTORE_EMULATOR_HOST: before });
  return store;
}
