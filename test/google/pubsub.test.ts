import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { jobAlert } from '../../shared/alert/job-alert.ts';
import { pubsubPublisher } from '../../shared/alert/pubsub-publisher.ts';
import { publishUnmarked, tellAlerts } from '../../shared/enforce/outbox.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { openWatchdog } from '../watchdog.ts';
import { findEmulators } from './emulators.ts';
import { freePort } from './free-port.ts';
import { usePubsub } from './pubsub-scene.ts';
import { describeWherePossible } from './where-possible.ts';

/** A receiver of pushes that answers what it is told to, the last answer for ever. */
async function receiver(answers: number[]): Promise<{ url: string; bodies: unknown[] }> {
  const bodies: unknown[] = [];
  const port = await freePort();
  const server = createServer(async (request: IncomingMessage, response) => {
    bodies.push(await json(request));
    const status = answers.length > 1 ? answers.shift() : answers[0];
    response.writeHead(status ?? 204).end();
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${port}/projects/p/topics/t`, bodies };
}

const ALERT = jobAlert({
  step: 'observed',
  job: { name: { projectId: 'shop', location: 'EU', jobId: 'job_1' }, state: 'RUNNING' },
  finding: { policy: 'long', action: 'alert', mode: 'enforce' },
  sentence: 'has run for long',
  because: 'alert-only',
  atMs: Date.UTC(2026, 8, 1),
});

describeWherePossible("Google's Pub/Sub, on the emulator", findEmulators(), (sdk) => {
  const pubsub = usePubsub(sdk);

  it('pushes a message again that was nacked', async () => {
    const topic = await pubsub().newTopic();
    const { url, bodies } = await receiver([503, 204]);
    await pubsub().pushTo(topic, url);
    const messageId = await topic.publishMessage({ json: { sweep: { projectId: 'shop' } } });
    await expect.poll(() => bodies.length, { timeout: 100_000 }).toBe(2);
    for (const body of bodies) expect(body).toMatchObject({ message: { messageId } });
  });

  it('moves a message to the dead-letter topic after five deliveries', async () => {
    const [topic, deadLetters] = [await pubsub().newTopic(), await pubsub().newTopic()];
    const inbox = await pubsub().listen(deadLetters);
    onTestFinished(() => inbox.close());
    const { url, bodies } = await receiver([503]);
    await pubsub().pushTo(topic, url, deadLetters);
    await topic.publishMessage({ json: { sweep: { projectId: 'shop' } } });
    const [letter] = await inbox.waitFor(1);
    expect(bodies).toHaveLength(5);
    expect(JSON.parse(String(letter?.data))).toEqual({ sweep: { projectId: 'shop' } });
  });

  it('gets an alert in binary mode: attributes to filter by, the data alone as content', async () => {
    const topic = await pubsub().newTopic();
    const inbox = await pubsub().listen(topic);
    onTestFinished(() => inbox.close());
    await pubsubPublisher(topic.name).publish(ALERT);
    const [message] = await inbox.waitFor(1);
    expect(message?.attributes).toEqual({
      'ce-specversion': '1.0',
      'ce-id': ALERT.id,
      'ce-source': 'bigquery-watchdog/cancel',
      'ce-type': 'bigquery-watchdog.job.observed.v1',
      'ce-subject': 'shop:EU.job_1',
      'ce-time': '2026-09-01T00:00:00.000Z',
      'Content-Type': 'application/json',
      policy: 'long',
      project: 'shop',
      severity: 'WARNING',
    });
    expect(JSON.parse(String(message?.data))).toEqual(ALERT.data);
  });

  it('that lacks the topic loses no alert: it is published when the topic is there, under the same ce-id', async () => {
    const name = pubsub().newTopicName();
    const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
    const ledger = openLedger(new SqliteStore({ path: ':memory:', clock }), clock);
    const { runtime } = await openWatchdog({ policies: 'version: 1\npolicies: []\n' });
    const ports = { clock, ledger, log: runtime.ports.log, publisher: pubsubPublisher(name) };

    await tellAlerts([ALERT], ports);
    expect((await ledger.unpublishedAlerts(9)).alerts.map(({ ceId }) => ceId)).toEqual([ALERT.id]);

    const [topic] = await pubsub().client.createTopic(name);
    const inbox = await pubsub().listen(topic);
    onTestFinished(() => inbox.close());
    await publishUnmarked(ports);
    const [message] = await inbox.waitFor(1);
    expect(message?.attributes['ce-id']).toBe(ALERT.id);
    expect((await ledger.unpublishedAlerts(9)).alerts).toEqual([]);
  });
});
