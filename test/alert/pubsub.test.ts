import { describe, expect, test } from 'vitest';
import { pubsubSweepMessages } from '../../functions/sweep-messages.ts';
import { type BinaryMessage, toBinaryMode } from '../../shared/alert/binary-mode.ts';
import { jobAlert } from '../../shared/alert/job-alert.ts';
import { pubsubPublisher } from '../../shared/alert/pubsub-publisher.ts';
import type { OpenTopic } from '../../shared/alert/pubsub-topic.ts';
import { NOW_MS, runningQuery } from '../judge/judging.ts';

describe('no attribute is longer than the 1,024 bytes that Pub/Sub takes', () => {
  test.each([
    { name: 'a value at the limit stands', value: 'x'.repeat(1_024), told: 'x'.repeat(1_024) },
    { name: 'one byte above it is cut', value: 'x'.repeat(1_025), told: `${'x'.repeat(1_021)}…` },
    { name: 'bytes count, not characters', value: 'ä'.repeat(512), told: 'ä'.repeat(512) },
    { name: 'no character is halved', value: 'ä'.repeat(513), told: `${'ä'.repeat(510)}…` },
    { name: 'nor one of two code units', value: `x${'😀'.repeat(256)}`, told: `x${'😀'.repeat(255)}…` },
  ])('$name', ({ value, told }) => {
    const { attributes } = toBinaryMode({ subject: value, policy: value, severity: value });
    expect(attributes).toEqual({ 'ce-subject': told, policy: told, severity: told });
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(1_024);
  });

  test('the longest name of a job stands whole in the data', () => {
    const jobId = 'j'.repeat(1_024);
    const finding = { policy: 'p', action: 'cancel', mode: 'enforce' } as const;
    const job = runningQuery({ name: { projectId: 'my-project', location: 'US', jobId } });
    const { json, attributes } = toBinaryMode(
      jobAlert({ step: 'cancelled', job, finding, sentence: 's', atMs: NOW_MS }),
    );
    expect(json).toMatchObject({ job: { projectId: 'my-project', location: 'US', jobId } });
    for (const value of Object.values(attributes)) expect(Buffer.byteLength(value)).toBeLessThan(1_025);
  });
});

describe('a topic that could not be opened is opened anew for the next message', () => {
  function failingOnce() {
    const sent: BinaryMessage[] = [];
    let openings = 0;
    const open: OpenTopic = async () => {
      openings++;
      if (openings === 1) throw new Error('no credentials yet');
      return { publishMessage: async (message) => String(sent.push(message)) };
    };
    return { open, sent, openings: () => openings };
  }

  test('of alerts', async () => {
    const { open, sent, openings } = failingOnce();
    const publisher = pubsubPublisher('projects/p/topics/t', open);
    await expect(publisher.publish({ data: 1 })).rejects.toThrow('no credentials yet');
    await publisher.publish({ data: 2 });
    await publisher.publish({ data: 3 });
    expect(sent.map(({ json }) => json)).toEqual([2, 3]);
    expect(openings()).toBe(2);
  });

  test('of sweeps', async () => {
    const { open, sent } = failingOnce();
    const messages = pubsubSweepMessages(new Map([['cancel', 'projects/p/topics/t']]), open);
    await expect(messages.publish('cancel', 'shop')).rejects.toThrow('no credentials yet');
    await messages.publish('cancel', 'shop');
    expect(sent).toEqual([{ json: { sweep: { projectId: 'shop' } }, attributes: {} }]);
  });
});
