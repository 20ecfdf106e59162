import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJob, readListItem } from '../../shared/job/from-rest.ts';
import type { Job } from '../../shared/job/job.ts';
import { jobKey } from '../../shared/job/job-name.ts';
import { readAuditEntry } from '../../shared/job/read-audit-entry.ts';
import { asOlderEntry } from './described-audit-data.ts';
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

function jobOf(entry: unknown): Job {
  const reading = readAuditEntry(entry);
  if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
  return reading.job;
}

const formats = [
  { format: 'the newer format', render: asEntry },
  { format: 'the older format', render: asOlderEntry },
];
const asGet = (described: DescribedJob) => plain(readJob(asResource(described)));

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

describe.each(formats)('an entry of $format', ({ render }) => {
  const asEntryTells = (described: DescribedJob) => plain(jobOf(render(described)));

  test('agrees with jobs.get in all that both tell', () => {
    fc.assert(
      fc.property(describedJobs, (described) => {
        const [fromEntry, fromGet] = common(asEntryTells(described), asGet(described));
        expect(fromEntry).toEqual(fromGet);
      }),
      { numRuns: 500 },
    );
  });

  test('tells who, when, what kind, which labels and which error, as jobs.get does', () => {
    const who = ['name', 'state', 'type', 'principal', 'parent'];
    const both = [...who, 'creationTimeMs', 'labels', 'error', 'statementType'];
    fc.assert(
      fc.property(describedJobs, (described) => {
        const [shared] = common(asEntryTells(described), asGet(described));
        expect(Object.keys(shared)).toEqual(expect.arrayContaining(both));
      }),
    );
  });

  test('tells everything of an ended query that a policy may ask of one, but for the estimate', () => {
    const used = ['endTimeMs', 'reservation', 'bytesProcessed', 'bytesBilled', 'slotMs'];
    const keys = [...used, 'destinationTable', 'query', 'referencedTables', 'priority'];
    const ended = describedJobs.filter(({ type, state }) => type === 'QUERY' && state === 'DONE');
    fc.assert(
      fc.property(ended, (described) => {
        const [shared] = common(asEntryTells(described), asGet(described));
        expect(Object.keys(shared)).toEqual(expect.arrayContaining(keys));
      }),
    );
  });
});

test('both formats tell the same of a job, but for whether it is a dry run', () => {
  fc.assert(
    fc.property(describedJobs, (described) => {
      const { dryRun, ...older } = plain(jobOf(asOlderEntry(described)));
      expect(dryRun).toBe(false);
      expect(older).toEqual(plain(jobOf(asEntry(described))));
    }),
    { numRuns: 500 },
  );
});

test('a job has one key in both formats and in jobs.get, however each writes its location', () => {
  const casing = fc.constantFrom('', 'lower', 'UPPER');
  fc.assert(
    fc.property(describedJobs, casing, casing, (described, one, other) => {
      const keys = [
        jobOf(asEntry(cased(described, one))),
        jobOf(asOlderEntry(cased(described, other))),
        readJob(asResource(described)),
      ].map(({ name }) => jobKey(name));
      expect(new Set(keys).size).toBe(1);
    }),
  );
});

function cased(described: DescribedJob, casing: string): DescribedJob {
  const { name } = described;
  const lower = name.location.toLowerCase();
  const location = casing === 'lower' ? lower : casing === 'UPPER' ? lower.toUpperCase() : name.location;
  return { ...described, name: { ...name, location } };
}

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
