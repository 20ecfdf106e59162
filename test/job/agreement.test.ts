import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readAuditEntry } from '../../shared/job/from-audit-metadata.ts';
import { readJob, readListItem } from '../../shared/job/from-rest.ts';
import type { Job } from '../../shared/job/job.ts';
import { asEntry, asResource, type DescribedJob, describedJobs } from './described-job.ts';

type Plain = Readonly<Record<string, unknown>>;

/** A job with its wrapped texts opened, so that they compare too. */
function plain(job: Job): Plain {
  const { message, ...error } = job.error ?? {};
  const opened = message === undefined ? error : { ...error, message: message.expose() };
  return {
    ...job,
    ...(job.query === undefined ? {} : { query: job.query.expose() }),
    ...(job.error ? { error: opened } : {}),
  };
}

function jobOfEntry(described: DescribedJob): Plain {
  const reading = readAuditEntry(asEntry(described));
  if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
  return plain(reading.job);
}

/** Both, cut to what both tell. The reason of an error is REST's alone. */
function common(a: Plain, b: Plain): [Plain, Plain] {
  const keys = Object.keys(a).filter((key) => key in b);
  const pick = (job: Plain) => Object.fromEntries(keys.map((key) => [key, withoutReason(job[key])]));
  return [pick(a), pick(b)];
}

function withoutReason(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('reason' in value)) return value;
  const { reason: _, ...rest } = value;
  return rest;
}

test('the same job told by an entry and by jobs.get agrees in all that both tell', () => {
  fc.assert(
    fc.property(describedJobs, (described) => {
      const [fromEntry, fromGet] = common(jobOfEntry(described), plain(readJob(asResource(described))));
      expect(fromEntry).toEqual(fromGet);
    }),
    { numRuns: 500 },
  );
});

test('both tell who, when, what kind, which labels and which error', () => {
  const both = [
    'name',
    'state',
    'type',
    'principal',
    'parent',
    'creationTimeMs',
    'labels',
    'error',
    'statementType',
  ];
  fc.assert(
    fc.property(describedJobs, (described) => {
      const [shared] = common(jobOfEntry(described), plain(readJob(asResource(described))));
      expect(Object.keys(shared)).toEqual(expect.arrayContaining(both));
    }),
  );
});

test('the entry of an ended query tells everything that a policy may ask of one, but for the estimate', () => {
  const keys = [
    'endTimeMs',
    'reservation',
    'destinationTable',
    'bytesProcessed',
    'bytesBilled',
    'slotMs',
    'query',
  ];
  const ended = describedJobs.filter(({ type, state }) => type === 'QUERY' && state === 'DONE');
  fc.assert(
    fc.property(ended, (described) => {
      const [shared] = common(jobOfEntry(described), plain(readJob(asResource(described))));
      expect(Object.keys(shared)).toEqual(expect.arrayContaining([...keys, 'referencedTables', 'priority']));
    }),
  );
});

test('a list item in full projection agrees with jobs.get in all that it tells', () => {
  fc.assert(
    fc.property(describedJobs, (described) => {
      const resource = asResource(described);
      const fromList = plain(readListItem(resource));
      const fromGet = plain(readJob(resource));
      expect(fromGet).toMatchObject(fromList);
    }),
  );
});
