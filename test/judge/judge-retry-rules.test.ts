import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { NAMEABLE_REASONS, REASONS } from '../../shared/retry/reasons.ts';
import { ACCOUNT, failed, type Parts, query } from '../retry/failed-jobs.ts';
import { judged } from './judging-retries.ts';

const OTHER = 'x@p.iam.gserviceaccount.com';

function anyOf<T>(...values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** Mostly the first, so that what is run again is drawn often enough. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { arbitrary: fc.constant(usual), weight: 3 },
    { arbitrary: anyOf(usual, ...others), weight: 1 },
  );
}

/** Who ran the job, and the pattern that is about it. */
const WHO: readonly (readonly [string, string])[] = [
  [ACCOUNT, 'etl@*'],
  [OTHER, 'x@*'],
  ['ada@example.com', '*@example.com'],
  ['bigquery-adminbot@system.gserviceaccount.com', '*adminbot@*'],
  ['service-1@gcp-sa-x.iam.gserviceaccount.com', 'service-1@*'],
  ['', '*'],
];
const ANYBODY = ['*', '*@*', '*@*.iam.gserviceaccount.com'];

/** Half of the time a pattern names the one who ran the job; else any pattern may stand there. */
const who = fc.oneof(
  anyOf(...WHO),
  fc.tuple(anyOf(...WHO.map(([one]) => one)), anyOf(...WHO.map(([, glob]) => glob), ...ANYBODY)),
);

const failures = fc
  .record({
    reasons: fc.array(mostly('backendError', ...REASONS.keys(), 'brandNew'), { minLength: 1, maxLength: 3 }),
    dryRun: mostly(false, true),
    continuous: mostly(false, true),
    isChild: mostly(false, true),
    sql: mostly<readonly [string, string?]>(
      ['SELECT 1', 'SELECT'],
      ['INSERT d.t VALUES (1)', 'INSERT'],
      ['SELECT 1'],
    ),
  })
  .map(({ reasons, dryRun, continuous, isChild, sql }): Parts => {
    const errors = reasons.map((reason) => ({ reason }));
    const { configuration, statistics } = query(sql[0], sql[1], { continuous });
    return {
      configuration: { ...configuration, dryRun },
      statistics: { ...statistics, ...(isChild && { parentJobId: 'script' }) },
      status: { errorResult: errors[0], errors },
    };
  });

const policies = fc
  .record({
    mode: mostly('enforce', 'observe'),
    except: mostly('', 'except: { projects: my-project }, '),
    named: anyOf('', ', dryRun: true', ', continuous: true'),
    allow: fc.boolean(),
  })
  .map(({ mode, except, named, allow }) => {
    const retry = `{ reasons: [${NAMEABLE_REASONS.join(', ')}], allowRepeatedWrites: ${allow} }`;
    const text = (glob: string) =>
      `- { name: p, mode: ${mode}, match: { principals: "${glob}"${named} }, ${except}retry: ${retry} }`;
    return { mode, except, text };
  });

it('whatever the policy says, nothing is run again that rules 1, 2 and 5 protect', () => {
  let acts = 0;
  fc.assert(
    fc.property(who, failures, policies, ([principal, glob], parts, { mode, except, text }) => {
      const failure = { ...parts, user_email: principal };
      const { act } = judged(text(glob), failure);
      if (act === undefined) return;
      acts += 1;
      const { job, facts } = failed(failure);
      // Rule 1: what is exempt, and everything while the policy observes.
      const { dryRun, continuous } = job;
      expect({ mode, except, dryRun, continuous }).toEqual({
        mode: 'enforce',
        except: '',
        dryRun: false,
        continuous: false,
      });
      // Rule 2: what was stopped.
      expect([job.error, ...facts.errors].map((error) => error?.reason)).not.toContain('stopped');
      // Rule 5: whoever is no service account that the policy names.
      expect([
        [ACCOUNT, 'etl@*'],
        [OTHER, 'x@*'],
      ]).toContainEqual([job.principal, glob]);
      expect(job.parent).toBe(null);
    }),
    { numRuns: 2_000 },
  );
  expect(acts).toBeGreaterThan(10);
});
