import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { cancelWork } from '../functions/cancel-work.ts';
import { machine } from '../functions/machine.ts';
import { purgeWork } from '../functions/purge-work.ts';
import { pushHandler } from '../functions/push.ts';
import { retryWork } from '../functions/retry-work.ts';
import { GOOGLE_PARTS, openRuntime, type Runtime, type World } from '../functions/runtime.ts';
import type { LedgerStore } from '../shared/ledger/store.ts';
import type { Clock } from '../shared/ports/clock.ts';
import { PROJECTS } from './kind.ts';

/**
 * On the simulated clock, where a real millisecond may be more than a second: so all of these are longer than
 * a deployment needs, and a call that takes a while is not mistaken for one that never answers.
 */
const TICK_SECONDS = 300;
const TIMEOUT_SECONDS = 540;
const ATTEMPT_TIMEOUT_MS = 240_000;

export const TICK_MS = TICK_SECONDS * 1_000;

export interface ServedFunction {
  readonly runtime: Runtime;
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  close(): void;
}

const WORKS = { cancel: cancelWork, retry: retryWork, purge: purgeWork };
export type ServedVerb = keyof typeof WORKS;

/** Beside the policies of the day. */
const HOLDS = fileURLToPath(new URL('holds.yaml', import.meta.url));

export interface FunctionOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly policies: string;
  /** The ledger that the functions share. */
  readonly store: LedgerStore;
  /** The jobs API and IAM Credentials, `http://127.0.0.1:PORT`. */
  readonly bigquery: string;
  writeLine(line: string): void;
}

/**
 * A real function under the real framework, on the simulator's clock.
 *
 * @throws what `openRuntime` throws
 */
export async function serveFunction(verb: ServedVerb, options: FunctionOptions): Promise<ServedFunction> {
  const { clock, random, policies, bigquery, store } = options;
  const world: World = {
    clock,
    // The file is edited in real time.
    ownersClock: machine.clock,
    random,
    attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
    writeLine: (line) => options.writeLine(line),
    environment: {
      WATCHDOG_POLICIES: policies,
      WATCHDOG_HOLDS: HOLDS,
      WATCHDOG_LEDGER: 'sqlite::memory:',
      WATCHDOG_PROJECTS: PROJECTS.join(','),
      WATCHDOG_TICK_SECONDS: String(TICK_SECONDS),
      WATCHDOG_BIGQUERY_ENDPOINT: bigquery,
      CLOUD_RUN_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS),
    },
  };
  // What is taken when first needed is taken here, before the clock starts: the holds settle for a second of real
  // time, in which hours of the day may pass.
  const opening = openRuntime(verb, world, { ...GOOGLE_PARTS, store: () => store });
  const readingHolds = opening.then(({ ports }) => ports.holds.latest());
  const [runtime] = await Promise.all([opening, readingHolds, import('@google-cloud/bigquery')]);
  http(verb, pushHandler(runtime, WORKS[verb]));
  const server = getTestServer(verb).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    runtime,
    address: `http://127.0.0.1:${portOf(server.address())}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === 'string') throw new Error('the function listens on no port');
  return address.port;
}
