import type { Parts } from '../../functions/runtime.ts';
import type { AlertPublisher } from '../../shared/alert/publisher.ts';
import type { JobsApi } from '../../shared/bigquery/jobs-api.ts';
import { LedgerUnavailableError } from '../../shared/ledger/errors.ts';
import type { LedgerStore } from '../../shared/ledger/store.ts';
import { Verb } from '../../shared/ledger/verb.schema.ts';
import { OwnerFileUnreadable } from '../../shared/owner-files/errors.ts';
import type { OwnerFile } from '../../shared/owner-files/owner-file.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Fault } from '../../simulator/faults.ts';
import { type Handle, simulatedImpersonator, simulatedJobsApi } from '../simulated-jobs-api.ts';
import { type CalledMethod, methodOf } from './called-method.ts';
import type { Rates } from './plan.ts';
import type { PortGate } from './port-gate.ts';
import type { Scene } from './scene.ts';

/** The ports of one instance: real parts of the product over a world that fails. */
export function partsOf(id: string, gate: PortGate, store: LedgerStore, scene: Scene): Parts {
  return {
    jobsApi: (_settings, clock) => jobsApiOf(id, gate, scene, clock),
    store: () => faultyStore(gate, store, scene),
    policyFile: () => policyFileOf(id, gate, scene),
    holdsFile: ({ holds }) => (holds === undefined ? undefined : holdsFileOf(id, gate, scene)),
    publisher: () => publisherOf(id, gate, scene),
    sweepMessages: ({ sweepTopics }) => ({
      has: (verb) => sweepTopics.has(verb),
      publish: (verb, projectId) =>
        gate.call('continue sweep', async () => {
          scene.counts.add('sweep continued');
          askSweep(verb, projectId, scene);
        }),
    }),
  };
}

function jobsApiOf(id: string, gate: PortGate, scene: Scene, clock: Clock): JobsApi {
  const handle: Handle = async (request, signal) => {
    const { response, arrived } = await gate.call(`jobs ${request.method}`, async () => {
      const method = methodOf(request);
      if (method === 'list') await scene.turnPage();
      return scene.bigquery.answer(id, request, drawFault(method, scene));
    });
    if (signal?.aborted !== true) arrived();
    return response;
  };
  return simulatedJobsApi(handle, { impersonator: simulatedImpersonator(handle, clock) });
}

/** Acts are few among the calls, and what goes wrong with one matters most. */
const FAULTS_OF_ACTS = 3;

function faultRate(method: CalledMethod, { apiFault, insertFault, deleteFault }: Rates): number {
  if (method === 'cancel') return apiFault * FAULTS_OF_ACTS;
  if (method === 'insert') return Math.max(apiFault * FAULTS_OF_ACTS, insertFault);
  if (method === 'delete') return Math.max(apiFault * FAULTS_OF_ACTS, deleteFault);
  return method === 'token' ? Math.max(apiFault, insertFault) : apiFault;
}

function drawFault(method: CalledMethod, scene: Scene): Fault | undefined {
  const { random } = scene;
  if (!random.chance(faultRate(method, scene.rates()))) return undefined;
  const lost = [
    { kind: 'lost', answer: 'reset' },
    { kind: 'lost', answer: 'unavailable' },
    { kind: 'lost', answer: 'silent' },
  ] as const satisfies readonly Fault[];
  // Inserts are the fewest: what is hardest about them must happen often enough to be seen.
  if (method === 'insert' && random.chance(0.5)) return random.pick<Fault>(lost);
  if (method === 'delete' && random.chance(0.6)) return random.pick<Fault>([...lost, ...lingering(random)]);
  return random.pick<Fault>([
    { kind: 'silent' },
    { kind: 'tooManyRequests', retryAfterSeconds: random.int(1, 20) },
    { kind: 'tooManyRequests' },
    { kind: 'rateLimitExceeded' },
    { kind: 'internalError' },
    { kind: 'unavailable' },
    { kind: 'reset' },
    { kind: 'malformed' },
    ...lost,
  ]);
}

/** It is done, and BigQuery still shows the job for a while. */
function lingering(random: Scene['random']): readonly Fault[] {
  const getsMs = random.pick([1_000, 8_000, 45_000]);
  const listsMs = random.pick([0, 20_000, 90_000]);
  const lingers = { kind: 'lingers', getsMs, listsMs } as const;
  return [lingers, lingers, { ...lingers, answer: 'unavailable' }];
}

function faultyStore(gate: PortGate, store: LedgerStore, scene: Scene): LedgerStore {
  const call = <T>(name: string, effect: () => Promise<T>): Promise<T> =>
    gate.call(`ledger ${name}`, async () => {
      const unavailable = (when: string): Error => {
        scene.counts.add(`ledger unavailable ${when}`);
        return new LedgerUnavailableError(store.place, 'it does not answer', 'wait');
      };
      if (scene.isLedgerOut()) throw unavailable('for a while');
      if (!scene.random.chance(scene.rates().ledgerFault)) return effect();
      if (scene.random.chance(0.5)) throw unavailable('before');
      await effect();
      throw unavailable('after');
    });
  return {
    place: store.place,
    get: (collection, key) => call(`get ${collection}`, () => store.get(collection, key)),
    find: (request) => call(`find ${request.collection}`, () => store.find(request)),
    count: (request) => call(`count ${request.collection}`, () => store.count(request)),
    write: (writes) => call(`write ${writes[0]?.collection}`, () => store.write(writes)),
    increment: (key, by, expiresAtMs) => call('increment', () => store.increment(key, by, expiresAtMs)),
    close: () => store.close(),
  };
}

/** The topic may fail before it has the message, or after. */
export function askSweep(verb: string, projectId: string, scene: Scene): void {
  const fails = scene.random.chance(scene.rates().publisherFault);
  if (!fails || scene.random.chance(0.5)) scene.askSweep(Verb.parse(verb), projectId);
  if (fails) throw new Error('the topic of sweeps does not answer');
}

function policyFileOf(id: string, gate: PortGate, scene: Scene): OwnerFile {
  return {
    describe: () => 'policies.yaml',
    read: () =>
      gate.call('file read', async () => {
        if (scene.random.chance(scene.rates().fileFault)) {
          scene.counts.add('file unreadable');
          scene.readFile(id, undefined);
          throw new OwnerFileUnreadable('policies.yaml', 'it does not answer');
        }
        const version = scene.fileNow();
        scene.readFile(id, version);
        return { text: version.text, generation: String(version.fromMs) };
      }),
  };
}

/** Of who names no holds file nothing is read. */
function holdsFileOf(id: string, gate: PortGate, scene: Scene): OwnerFile {
  return {
    describe: () => 'holds.yaml',
    read: () =>
      gate.call('holds read', async () => {
        const version = scene.random.chance(scene.rates().fileFault) ? undefined : scene.holdsNow();
        scene.readHolds(id, version);
        if (version?.description === undefined) scene.counts.add('holds unreadable');
        if (version?.text === undefined) throw new OwnerFileUnreadable('holds.yaml', 'it does not answer');
        return { text: version.text, generation: String(version.fromMs) };
      }),
  };
}

function publisherOf(id: string, gate: PortGate, scene: Scene): AlertPublisher {
  return {
    publish: (event) =>
      gate.call('publish', async () => {
        const fault = scene.random.chance(scene.rates().publisherFault)
          ? scene.random.pick(['before', 'after', 'silent'])
          : undefined;
        if (fault) scene.counts.add(`publisher fails ${fault}`);
        if (fault === 'before') throw new Error('the topic does not answer');
        scene.published(id, event);
        if (fault === 'after') throw new Error('the topic did not answer');
        if (fault === 'silent') await new Promise(() => undefined);
      }),
  };
}
