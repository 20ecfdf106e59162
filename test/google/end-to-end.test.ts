import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, Topic } from '@google-cloud/pubsub';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { startEntry } from '../functions/entries.ts';
import { ManualClock } from '../ledger/manual-clock.ts';
import { MINUTE_MS } from '../running-job.ts';
import { type Served, served } from '../simulator/served.ts';
import { attempt, BACKEND_ERROR, ETL } from '../watch/retrying-watchdog.ts';
import { findEmulators } from './emulators.ts';
import { emulatorEnvironment, firestoreStore, freshProject, useFirestore } from './firestore-ledger.ts';
import { type Inbox, usePubsub } from './pubsub-scene.ts';
import { type SpawnedFunction, spawnFunction } from './spawned-function.ts';
import { describeWherePossible } from './where-possible.ts';

const MARKER = 'SECRET_MARKER_e2e9';
const POLICIES = `
version: 1
mode: enforce
policies:
  - { name: short, match: { principals: ["*@example.com"] }, limit: { runtime: 10m }, action: cancel }
  - { name: note, match: { principals: ["*@example.org"] }, limit: { runtime: 10m }, action: alert }
  - { name: again, match: { principals: ["etl@*"] }, retry: { attempts: 3, backoff: { initial: 1s, max: 1s } } }
`;
/** However slow the machine is. */
const PATIENCE = { timeout: 100_000, interval: 200 };

describeWherePossible(
  "the functions on Google's Firestore and Pub/Sub, on the emulators",
  findEmulators(),
  (sdk) => {
    const firestore = useFirestore(sdk);
    const pubsub = usePubsub(sdk);
    const projectId = freshProject();
    const folder = mkdtempSync(join(tmpdir(), 'watchdog-'));
    const policies = join(folder, 'policies.yaml');
    writeFileSync(policies, POLICIES);
    const spawned: SpawnedFunction[] = [];
    let bigquery: Served;
    let alerts: Topic;
    let inbox: Inbox;

    beforeAll(async () => {
      bigquery = await served();
      alerts = await pubsub().newTopic();
      inbox = await pubsub().listen(alerts);
    });
    afterAll(async () => {
      for (const { child } of spawned) child.kill('SIGKILL');
      await inbox?.close();
      await bigquery?.server.close();
      rmSync(folder, { recursive: true, force: true });
    });

    /** An instance that serves; all share a ledger and a topic of alerts. */
    async function startInstance(timeoutSeconds: number, verb = 'cancel'): Promise<SpawnedFunction> {
      const instance = await spawnFunction({
        FUNCTION_TARGET: verb,
        ...emulatorEnvironment(firestore.host),
        PUBSUB_EMULATOR_HOST: pubsub().host,
        GOOGLE_CLOUD_PROJECT: projectId,
        WATCHDOG_POLICIES: policies,
        WATCHDOG_LEDGER: 'firestore:',
        WATCHDOG_PROJECTS: 'my-project',
        WATCHDOG_ALERTS_TOPIC: alerts.name,
        WATCHDOG_TICK_SECONDS: '30',
        WATCHDOG_BIGQUERY_ENDPOINT: bigquery.server.address,
        WATCHDOG_IAM_ENDPOINT: bigquery.server.address,
        CLOUD_RUN_TIMEOUT_SECONDS: String(timeoutSeconds),
      });
      spawned.push(instance);
      expect(await instance.ready, instance.output()).toBe('serving');
      return instance;
    }

    /** Starts a job that is above its limit; its entry, as the audit log has it. */
    function longJob(jobId: string, principal: string): Record<string, unknown> {
      const createdAtMs = Date.now() - 30 * MINUTE_MS;
      const job = { projectId: 'my-project', jobId, principal, query: `SELECT '${MARKER}'`, createdAtMs };
      bigquery.simulator.start({ ...job, runMs: Number.POSITIVE_INFINITY });
      return startEntry(job);
    }

    const truthOf = (jobId: string) => bigquery.simulator.truth({ projectId: 'my-project', jobId });
    const about = (messages: readonly Message[], jobId: string) =>
      messages.filter(({ attributes }) => attributes['ce-subject'] === `my-project:US.${jobId}`);
    const typesOf = (messages: readonly Message[]) =>
      messages.map(({ attributes }) => attributes['ce-type']?.split('.').at(-2));

    it('two instances that get the same entry cancel the job once, and tell of it once', async () => {
      const instances = [await startInstance(300), await startInstance(300)];
      const topic = await pubsub().newTopic();
      for (const { url } of instances) await pubsub().pushTo(topic, url);
      await topic.publishMessage({ json: longJob('guilty', 'ada@example.com') });
      await expect
        .poll(() => typesOf(about(inbox.messages, 'guilty')), PATIENCE)
        .toEqual(['cancelling', 'cancelled']);
      expect(truthOf('guilty')).toMatchObject({ state: 'DONE', errorReason: 'stopped' });

      // A sweep by both of them finds nothing left to do.
      await topic.publishMessage({ json: { sweep: { projectId: 'my-project' } } });
      for (const { output } of instances) {
        await expect.poll(output, PATIENCE).toMatch(/"message":"sweep (?:done|not done)"/);
        expect(output()).not.toContain(MARKER);
      }
      expect(truthOf('guilty')?.cancelRequestedAtMs).toHaveLength(1);
      expect(typesOf(about(inbox.messages, 'guilty'))).toEqual(['cancelling', 'cancelled']);
      for (const { data } of inbox.messages) expect(String(data)).not.toContain(MARKER);

      // A message that has attributes only can never be of use: one letter in the ledger, and no redelivery.
      const alone = await pubsub().newTopic();
      const [first] = instances;
      if (first) await pubsub().pushTo(alone, first.url);
      const messageId = await alone.publishMessage({ attributes: { eventType: 'OBJECT_FINALIZE' } });
      const ledger = openLedger(firestoreStore(new ManualClock(), { projectId }), new ManualClock());
      await expect
        .poll(() => ledger.deadLetters(9), PATIENCE)
        .toMatchObject([{ messageId, fault: 'it has no data, only attributes' }]);
    });

    it('two instances that get the same entries run a failed job again once, and tell of it once', async () => {
      const instances = [await startInstance(300, 'retry'), await startInstance(300, 'retry')];
      const topic = await pubsub().newTopic();
      for (const { url } of instances) await pubsub().pushTo(topic, url);
      // What a sink sends.
      onTestFinished(bigquery.simulator.onEntry((entry) => void topic.publishMessage({ json: entry })));
      bigquery.simulator.start({
        projectId: 'my-project',
        jobId: 'failing',
        principal: ETL,
        query: `SELECT '${MARKER}'`,
        createdAtMs: bigquery.clock.now() + 500,
        runMs: 500,
        error: BACKEND_ERROR,
      });
      await topic.publishMessage({ json: { sweep: { projectId: 'my-project' } } });
      await expect
        .poll(() => typesOf(about(inbox.messages, 'failing')).toSorted(), PATIENCE)
        .toEqual(['recovered', 'retried', 'retry-scheduled']);
      const inserts = bigquery.simulator.writes.filter(({ method }) => method === 'insert');
      expect(inserts).toMatchObject([{ job: { jobId: attempt('failing', 1) }, by: ETL, effective: true }]);
      for (const { output } of instances) expect(output()).not.toContain(MARKER);
    });

    it('a message that meets a passing fault is pushed again and then done; one whose fault stays is dead-lettered', async () => {
      const { url, output } = await startInstance(2);
      const [topic, deadLetters] = [await pubsub().newTopic(), await pubsub().newTopic()];
      const letters = await pubsub().listen(deadLetters);
      onTestFinished(() => letters.close());
      await pubsub().pushTo(topic, url, deadLetters);

      bigquery.simulator.applyFaultSettings({
        rules: [{ fault: { kind: 'unavailable' }, methods: ['get'] }],
      });
      await topic.publishMessage({ json: longJob('noted', 'eve@example.org') });
      await expect.poll(output, PATIENCE).toContain('"message":"message not done"');
      bigquery.simulator.applyFaultSettings({});
      await expect.poll(() => typesOf(about(inbox.messages, 'noted')), PATIENCE).toEqual(['observed']);
      expect(truthOf('noted')).toMatchObject({ state: 'RUNNING', cancelRequestedAtMs: [] });

      bigquery.simulator.applyFaultSettings({
        rules: [{ fault: { kind: 'unavailable' }, methods: ['get'] }],
      });
      const lost = longJob('lost', 'eve@example.org');
      await topic.publishMessage({ json: lost });
      const [letter] = await letters.waitFor(1);
      expect(JSON.parse(String(letter?.data))).toEqual(lost);
      expect(output()).not.toContain(MARKER);
    });
  },
);
