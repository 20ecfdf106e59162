import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** One of Google's emulators, running. */
export interface Emulator {
  /** `127.0.0.1:PORT`, as `FIRESTORE_EMULATOR_HOST` and `PUBSUB_EMULATOR_HOST` want it. */
  readonly host: string;
  stop(): Promise<void>;
}

/** What it takes to run Google's emulators. */
export interface Sdk {
  readonly java: string;
  readonly firestoreJar: string;
  readonly pubsubJar: string;
}

/** A JVM that never says so within this will not start any more. */
const READY_WITHIN_MS = 60_000;
const POLL_MS = 100;

/** The Cloud SDK's emulators and a Java to run them, or why they cannot run here. */
export function findEmulators(): Sdk | string {
  const root = sdkRoots().find((folder) => existsSync(join(folder, 'platform')));
  if (root === undefined) return 'there is no Google Cloud SDK here';
  const firestoreJar = join(root, 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar');
  const pubsubJar = jarIn(join(root, 'platform/pubsub-emulator/lib'), 'cloud-pubsub-emulator-');
  if (!existsSync(firestoreJar) || pubsubJar === undefined)
    return `the Google Cloud SDK in ${root} lacks an emulator`;
  const java = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin/java') : 'java';
  if (spawnSync(java, ['-version']).status !== 0) return 'there is no Java here';
  return { java, firestoreJar, pubsubJar };
}

/** A Firestore that applies no TTL and misses no index. */
export async function startFirestore({ java, firestoreJar }: Sdk): Promise<Emulator> {
  const main = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
  return start(java, ['-cp', firestoreJar, main, 'start']);
}

/** A Pub/Sub that pushes without `deliveryAttempt`, applies no filters, and dead-letters after some seconds. */
export async function startPubsub({ java, pubsubJar }: Sdk): Promise<Emulator> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'pubsub-emulator-'));
  try {
    const emulator = await start(java, ['-jar', pubsubJar, `--data-dir=${dataFolder}`]);
    return {
      host: emulator.host,
      stop: async () => {
        await emulator.stop();
        rmSync(dataFolder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(dataFolder, { recursive: true, force: true });
    throw error;
  }
}

async function start(java: string, args: readonly string[]): Promise<Emulator> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const child = spawn(java, ['-Xmx256m', ...args, '--host=127.0.0.1', `--port=${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = `${output}${text}`.slice(-4_000);
    });
  }
  // A test run that is killed must not leave a JVM behind.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    await end(child);
  };
  if (await answers(host, child)) return { host, stop };
  await stop();
  throw new Error(`the emulator ${args[1]} did not start at ${host}:\n${output}`);
}

/** Both emulators answer a plain GET of their root once they serve. */
async function answers(host: string, child: ChildProcess): Promise<boolean> {
  const deadline = AbortSignal.timeout(READY_WITHIN_MS);
  while (child.exitCode === null && !deadline.aborted) {
    const answer = await fetch(`http://${host}/`, { signal: deadline }).catch(() => undefined);
    if (answer?.ok) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'exit');
  child.kill('SIGKILL');
  await closed;
}

function sdkRoots(): readonly string[] {
  const named = process.env['CLOUDSDK_ROOT_DIR'];
  const gcloud = (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, 'gcloud'))
    .find((path) => existsSync(path));
  return [
    ...(named ? [named] : []),
    ...(gcloud ? [dirname(dirname(realpathSync(gcloud)))] : []),
    '/usr/lib/google-cloud-sdk',
    '/google-cloud-sdk',
    '/opt/google-cloud-sdk',
  ];
}

function jarIn(folder: string, prefix: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => file.startsWith(prefix) && file.endsWith('.jar'));
  return name && join(folder, name);
}
