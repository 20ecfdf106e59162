import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BrokenEntryError, BrokenJobError } from '../../shared/job/errors.ts';
import { readJob, readListItem } from '../../shared/job/from-rest.ts';
import { readAuditEntry } from '../../shared/job/read-audit-entry.ts';
import { asOlderEntry } from './described-audit-data.ts';
import { asEntry, asResource, describedJobs } from './described-job.ts';
import { changed, entryOf, olderEntryOf } from './entries.ts';

/** Stands in every query text and error message of these tests, and may come out nowhere. */
const MARKER = 'zq7-secret-zq7';

const parsers = [
  { name: 'readAuditEntry', parse: readAuditEntry, own: BrokenEntryError, valid: asEntry },
  {
    name: 'readAuditEntry, older format',
    parse: readAuditEntry,
    own: BrokenEntryError,
    valid: asOlderEntry,
  },
  { name: 'readJob', parse: readJob, own: BrokenJobError, valid: asResource },
  { name: 'readListItem', parse: readListItem, own: BrokenJobError, valid: asResource },
];

const anything = fc.anything({
  withNullPrototype: true,
  withObjectString: true,
  withMap: true,
  withSet: true,
  withDate: true,
  withBigInt: true,
  withTypedArray: true,
  withSparseArray: true,
});

const oddValues = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    {},
    [],
    '',
    0,
    -1,
    true,
    'UNKNOWN',
    '1.60390893E12',
    [null],
    Number.NaN,
  ),
  fc.constant<unknown>(JSON.parse('{"__proto__": {"x": 1}}')),
  anything,
);

/** A copy in which the value at one place, chosen by `seed` from all places, is replaced or taken away. */
function mutated(value: unknown, seed: number, replacement: unknown, remove: boolean): unknown {
  const copy: unknown = structuredClone(value);
  const places: { holder: object; key: string }[] = [];
  const walk = (holder: unknown): void => {
    // A typed array's places cannot be replaced at will, and JSON has none.
    if (typeof holder !== 'object' || holder === null || ArrayBuffer.isView(holder)) return;
    for (const key of Object.keys(holder)) {
      places.push({ holder, key });
      walk(Reflect.get(holder, key));
    }
  };
  walk(copy);
  const place = places[seed % places.length];
  if (place === undefined) return copy;
  if (remove) Reflect.deleteProperty(place.holder, place.key);
  else
    Object.defineProperty(place.holder, place.key, {
      value: replacement,
      enumerable: true,
      configurable: true,
    });
  return copy;
}

function outcome(parse: (value: unknown) => unknown, value: unknown): unknown {
  try {
    return parse(value);
  } catch (error) {
    return error;
  }
}

function everyPrint(value: unknown): string {
  const shown = [String(value), `${JSON.stringify(value)}`, inspect(value, { depth: 20, showHidden: true })];
  if (value instanceof Error) shown.push(value.message, `${value.stack}`, JSON.stringify({ ...value }));
  return shown.join('\n');
}

describe.each(parsers)('$name', ({ parse, own, valid }) => {
  test('throws nothing but its own errors on anything', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const result = outcome(parse, value);
        if (result instanceof Error) expect(result).toBeInstanceOf(own);
      }),
      { numRuns: 1000 },
    );
  });

  test('throws nothing but its own errors on valid input with odd values in up to three places', () => {
    const changes = fc.array(fc.tuple(fc.nat(), oddValues, fc.boolean()), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(describedJobs, changes, (described, edits) => {
        const value = edits.reduce<unknown>(
          (current, [seed, replacement, remove]) => mutated(current, seed, replacement, remove),
          valid(described),
        );
        const result = outcome(parse, value);
        if (result instanceof Error) expect(result).toBeInstanceOf(own);
      }),
      { numRuns: 2000 },
    );
  });

  test('lets no text of a job out, whether it reads the job or refuses it', () => {
    const marked = describedJobs.map((job) => ({
      ...job,
      query: `SELECT '${MARKER}' /* ${job.query} */`,
      failure: job.failure === undefined ? undefined : `${MARKER} ${job.failure}`,
    }));
    const removals = fc.array(fc.nat(), { maxLength: 2 });
    const keys = fc.constantFrom(undefined, 'a key');
    fc.assert(
      fc.property(marked, removals, keys, (described, seeds, redactionKey) => {
        const value = seeds.reduce<unknown>(
          (current, seed) => mutated(current, seed, null, true),
          valid(described),
        );
        const result = outcome((input) => parse(input, { redactionKey }), value);
        expect(everyPrint(result)).not.toContain(MARKER);
      }),
      { numRuns: 1000 },
    );
  });
});

const texts = [
  {
    name: 'readJob',
    read: () =>
      readJob(
        {
          jobReference: { projectId: 'p', jobId: 'j' },
          configuration: { query: { query: MARKER } },
          status: { state: 'DONE', errorResult: { reason: 'invalid', message: MARKER } },
        },
        { redactionKey: 'a key' },
      ),
  },
  {
    name: 'readAuditEntry',
    read: () => {
      const jobConfig = { type: 'QUERY', queryConfig: { query: MARKER } };
      const jobStatus = { errorResult: { code: 3, message: MARKER } };
      const metadata = changed({ jobName: 'projects/p/jobs/j', jobConfig, jobStatus });
      const reading = readAuditEntry(entryOf({ metadata }), { redactionKey: 'a key' });
      if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
      return reading.job;
    },
  },
  {
    name: 'readAuditEntry, older format,',
    read: () => {
      const job = {
        jobName: { projectId: 'p', jobId: 'j' },
        jobConfiguration: { query: { query: MARKER } },
        jobStatus: { error: { code: 3, message: MARKER } },
      };
      const reading = readAuditEntry(olderEntryOf({ jobCompletedEvent: { job } }), { redactionKey: 'a key' });
      if (reading.kind !== 'job') throw new Error(`read as ${reading.kind}`);
      return reading.job;
    },
  },
];

test.each(texts)('$name wraps the texts with the key that was handed in', ({ read }) => {
  const { query, error } = read();
  expect([query?.expose(), error?.message?.expose()]).toEqual([MARKER, MARKER]);
  const hashed = expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/);
  expect([String(query), String(error?.message)]).toEqual([hashed, hashed]);
});
