import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { LogEntry } from '../../simulator/audit-entry.ts';
import type { PubSub } from './pubsub.ts';
import { pushOf } from './pubsub.ts';
import type { Random } from './random.ts';

/** Sends one of many things that nobody can understand. */
export function publishGarbage(pubsub: PubSub, verb: Verb, random: Random): void {
  const bodies: readonly ((messageId: string) => unknown)[] = [
    (messageId) => ({ message: { data: '%%%', messageId } }),
    (messageId) => ({ message: { data: Buffer.from('no JSON').toString('base64'), messageId } }),
    (messageId) => ({ message: { attributes: { a: 'b' }, messageId } }),
    pushOf(['an', 'array']),
    pushOf({ sweep: { projectId: 7 } }),
    pushOf({ message: 'no log entry' }),
    pushOf({
      logName: 'x',
      protoPayload: {
        serviceName: 'bigquery.googleapis.com',
        metadata: { jobChange: { job: { jobName: 'nonsense' } } },
      },
    }),
  ];
  pubsub.publish('garbage', verb, bodies[random.int(0, bodies.length - 1)] ?? pushOf(0));
}

/** The newer format and the older one. */
const JOB_NAMES = [
  /"jobName":"projects\/([^/]+)\/jobs\/([^"]+)"/,
  /"jobName":\{"projectId":"([^"]+)","jobId":"([^"]+)"/,
];

/**
 * An entry that somebody made up from a real one: of a project that is not watched, of a job that does not
 * exist, or of a real job that is told to be another's; to have run for hours, or to have failed.
 */
export function publishForged({ pubsub, random, clock }: Forger, verb: Verb, entry: LogEntry): void {
  const text = JSON.stringify(entry);
  const jobName = JOB_NAMES.map((pattern) => pattern.exec(text)).find((found) => found !== null);
  if (!jobName) return;
  const [, project = '', jobId = ''] = jobName;
  if (random.chance(0.3)) {
    pubsub.publish(
      'unwatched',
      verb,
      pushOf(
        JSON.parse(
          text
            .replaceAll(`projects/${project}/`, 'projects/not-ours/')
            .replaceAll(`"projectId":"${project}"`, '"projectId":"not-ours"'),
        ),
      ),
    );
    return;
  }
  const guilty = verb === 'cancel' ? runningForHours(text, clock.now()) : failed(text);
  const forged = random.chance(0.5)
    ? guilty.replaceAll(jobId, `${jobId}x`)
    : guilty.replaceAll(/"principalEmail":"[^"]+"/g, `"principalEmail":"${FORGED_FOR[verb]}"`);
  pubsub.publish('forged', verb, pushOf(JSON.parse(forged)), random.int(0, 60_000));
}

interface Forger {
  readonly pubsub: PubSub;
  readonly random: Random;
  readonly clock: { now(): number };
}

const FORGED_FOR = {
  cancel: 'ann@example.com',
  retry: 'etl-1@shop-prod.iam.gserviceaccount.com',
  purge: 'ann@example.com',
} as const;

function runningForHours(text: string, nowMs: number): string {
  const longAgo = new Date(nowMs - 7_200_000).toISOString();
  return text
    .replaceAll('"jobState":"DONE"', '"jobState":"RUNNING"')
    .replaceAll('"state":"DONE"', '"state":"RUNNING"')
    .replaceAll('"after":"DONE"', '"after":"RUNNING"')
    .replaceAll(/,"endTime":"[^"]+"/g, '')
    .replaceAll(/"startTime":"[^"]+"/g, `"startTime":"${longAgo}"`)
    .replaceAll('"jobState":"PENDING"', '"jobState":"RUNNING"');
}

function failed(text: string): string {
  const error = '{"code":14,"message":"made up"}';
  return text
    .replaceAll(/"jobState":"(?:PENDING|RUNNING|DONE)"/g, `"jobState":"DONE","errorResult":${error}`)
    .replaceAll(/"state":"(?:PENDING|RUNNING|DONE)","error":\{\}/g, `"state":"DONE","error":${error}`);
}
