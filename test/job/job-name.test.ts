import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JobNameError } from '../../shared/job/errors.ts';
import {
  canonicalLocation,
  formatJobName,
  type JobName,
  jobKey,
  type NameDefaults,
  parseJobName,
  sameJob,
} from '../../shared/job/job-name.ts';
import { jobNames } from './arbitraries.ts';

const US = { projectId: 'shop-prod', location: 'US', jobId: 'bquijob_1a_2b' };
const NOWHERE = { projectId: 'shop-prod', jobId: 'bquijob_1a_2b' };
const SCOPED = { projectId: 'example.com:shop', location: 'US', jobId: 'j-1' };

describe('parseJobName', () => {
  const read: { text: string; defaults?: NameDefaults; name: JobName }[] = [
    { text: 'shop-prod:US.bquijob_1a_2b', name: US },
    { text: 'shop-prod:us.bquijob_1a_2b', name: US },
    { text: 'shop-prod:region-us.bquijob_1a_2b', name: US },
    {
      text: 'shop-prod:Europe-West2.j',
      name: { projectId: 'shop-prod', location: 'europe-west2', jobId: 'j' },
    },
    { text: 'shop-prod:bquijob_1a_2b', name: NOWHERE },
    { text: 'shop-prod:bquijob_1a_2b', defaults: { location: 'us' }, name: US },
    { text: 'shop-prod:US.bquijob_1a_2b', defaults: { location: 'EU', projectId: 'other' }, name: US },
    { text: 'US.bquijob_1a_2b', defaults: { projectId: 'shop-prod', location: 'EU' }, name: US },
    { text: 'bquijob_1a_2b', defaults: { projectId: 'shop-prod' }, name: NOWHERE },
    { text: 'bquijob_1a_2b', defaults: { projectId: 'shop-prod', location: 'US' }, name: US },
    { text: 'projects/shop-prod/jobs/bquijob_1a_2b', name: NOWHERE },
    { text: 'projects/shop-prod/jobs/bquijob_1a_2b', defaults: { location: 'US' }, name: US },
    { text: 'projects/shop-prod/jobs/US.bquijob_1a_2b', name: US },
    { text: 'example.com:shop:US.j-1', name: SCOPED },
    { text: 'example.com:shop:j-1', defaults: { location: 'US' }, name: SCOPED },
    { text: 'projects/example.com:shop/jobs/j-1', defaults: { location: 'US' }, name: SCOPED },
    { text: 'US.j-1', defaults: { projectId: 'example.com:shop' }, name: SCOPED },
    { text: '123456789012:US.j', name: { projectId: '123456789012', location: 'US', jobId: 'j' } },
    { text: `p:${'a'.repeat(1024)}`, name: { projectId: 'p', jobId: 'a'.repeat(1024) } },
  ];
  test.each(read)('reads $text with $defaults', ({ text, defaults, name }) => {
    expect(parseJobName(text, defaults)).toEqual(name);
  });

  const refused: { text: string; fault: RegExp }[] = [
    { text: '', fault: /job id is/ },
    { text: 'bquijob_1a_2b', fault: /names no project/ },
    { text: 'US.bquijob_1a_2b', fault: /names no project/ },
    { text: 'shop-prod:', fault: /job id is/ },
    { text: 'shop-prod:US.', fault: /job id is/ },
    { text: 'shop-prod:.j', fault: /a location is/ },
    { text: 'shop-prod:US.EU.j', fault: /job id is/ },
    { text: ':US.j', fault: /project is neither/ },
    { text: 'example.com:j', fault: /only a domain/ },
    { text: 'example.com:shop.j', fault: /only a domain/ },
    { text: 'a:b:US.j', fault: /project is neither/ },
    { text: 'projects//jobs/j', fault: /job id is/ },
    { text: 'projects/shop-prod/jobs/', fault: /job id is/ },
    { text: 'projects/shop-prod/jobs/j/x', fault: /job id is/ },
    { text: 'projects/shop-prod/jobs/../../x', fault: /job id is|a location is/ },
    { text: 'shop-prod:US.j j', fault: /job id is/ },
    { text: 'shop-prod:US.j\n', fault: /job id is/ },
    { text: 'shop-prod:US.jöb', fault: /job id is/ },
    { text: `p:${'a'.repeat(1025)}`, fault: /job id is/ },
  ];
  test.each(refused)('refuses $text and says what a name looks like', ({ text, fault }) => {
    const attempt = () => parseJobName(text);
    expect(attempt).toThrow(JobNameError);
    expect(attempt).toThrow(fault);
    expect(attempt).toThrow(/Expected PROJECT:LOCATION\.JOB_ID/);
  });

  test('names the text in the error, on one line and cut when it is long', () => {
    expect(() => parseJobName('a\nb')).toThrow(/^"a\\nb" is not a job's name/);
    expect(() => parseJobName('x '.repeat(10_000))).toThrow(/^.{0,500}$/);
  });

  test('names print and parse back', () => {
    fc.assert(
      fc.property(jobNames, (name) => {
        expect(parseJobName(formatJobName(name))).toEqual(name);
      }),
    );
  });

  test('any text is a name that prints and parses back, or a JobNameError', () => {
    const pieces = fc.constantFrom(
      'projects/',
      '/jobs/',
      ':',
      '.',
      'US',
      'example.com',
      'p-1',
      'j_1',
      '/',
      ' ',
      'é',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        try {
          const name = parseJobName(text, { projectId: 'p' });
          expect(parseJobName(formatJobName(name))).toEqual(name);
        } catch (error) {
          expect(error).toBeInstanceOf(JobNameError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test.each([
  { location: 'us', canonical: 'US' },
  { location: 'eU', canonical: 'EU' },
  { location: 'US-EAST1', canonical: 'us-east1' },
  { location: 'region-eu', canonical: 'EU' },
  { location: 'region-europe-west4', canonical: 'europe-west4' },
  { location: 'aws-us-east-1', canonical: 'aws-us-east-1' },
])('the location $location is written $canonical', ({ location, canonical }) => {
  expect(canonicalLocation(location)).toBe(canonical);
});

describe('sameJob and jobKey', () => {
  const cases: { name: string; a: JobName; b: JobName; same: boolean; oneKey: boolean }[] = [
    { name: 'equal names', a: US, b: { ...US }, same: true, oneKey: true },
    { name: 'locations of another case', a: US, b: { ...US, location: 'us' }, same: true, oneKey: true },
    { name: 'another location', a: US, b: { ...US, location: 'EU' }, same: false, oneKey: false },
    { name: 'a location that is unknown', a: US, b: NOWHERE, same: true, oneKey: false },
    { name: 'two unknown locations', a: NOWHERE, b: { ...NOWHERE }, same: true, oneKey: true },
    { name: 'ids of another case', a: US, b: { ...US, jobId: 'BQUIJOB_1a_2b' }, same: false, oneKey: false },
    { name: 'another project', a: US, b: { ...US, projectId: 'shop-test' }, same: false, oneKey: false },
  ];
  test.each(cases)('$name: same job $same, one key $oneKey', ({ a, b, same, oneKey }) => {
    expect(sameJob(a, b)).toBe(same);
    expect(sameJob(b, a)).toBe(same);
    expect(jobKey(a) === jobKey(b)).toBe(oneKey);
  });

  test('two names have one key exactly when they print alike', () => {
    fc.assert(
      fc.property(jobNames, jobNames, (a, b) => {
        expect(jobKey(a) === jobKey(b)).toBe(formatJobName(a) === formatJobName(b));
      }),
    );
  });
});
