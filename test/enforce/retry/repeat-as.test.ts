import { expect, test } from 'vitest';
import { ForbiddenError, ThrottledError, WriteRefusedError } from '../../../shared/bigquery/errors.ts';
import type { DryRunRequest } from '../../../shared/bigquery/query-dry-run.ts';
import { type RepeatAs, repeatAs } from '../../../shared/enforce/repeat-as.ts';
import type { Job } from '../../../shared/job/job.ts';

const ETL = 'etl@shop.iam.gserviceaccount.com';
const ADA = 'ada@example.com';
const NAME = { projectId: 'shop', location: 'EU', jobId: 'root' };
const CALL = { method: 'insert', target: 'a job of shop' } as const;

/** As whom a job of this principal runs again, where BigQuery says this of who calls. */
function runAs(principal: string | undefined, caller: string | Error | undefined): Promise<RepeatAs> {
  const job: Job = { name: NAME, state: 'DONE', ...(principal !== undefined && { principal }) };
  return repeatAs(job, 0, async () => {
    if (caller instanceof Error) throw caller;
    return caller === undefined ? {} : { principal: caller };
  });
}

test.each<{ principal: string | undefined; caller: string | undefined; is: Partial<RepeatAs> }>([
  { principal: ADA, caller: ADA, is: { kind: 'known', principal: ADA, account: undefined } },
  { principal: ETL, caller: ADA, is: { kind: 'known', principal: ETL, account: ETL } },
  { principal: ETL, caller: ETL, is: { kind: 'known', principal: ETL, account: undefined } },
  { principal: ETL, caller: undefined, is: { kind: 'known', principal: ETL, account: ETL } },
  { principal: ADA, caller: 'ben@example.com', is: { kind: 'refused', why: 'not-yours' } },
  { principal: ADA, caller: 'ADA@example.com', is: { kind: 'refused', why: 'not-yours' } },
  { principal: ADA, caller: ETL, is: { kind: 'refused', why: 'not-yours' } },
  { principal: ADA, caller: undefined, is: { kind: 'refused', why: 'caller-unknown' } },
  { principal: undefined, caller: ADA, is: { kind: 'refused', why: 'principal-unknown' } },
  { principal: undefined, caller: undefined, is: { kind: 'refused', why: 'principal-unknown' } },
])('a job of $principal, called by $caller', async ({ principal, caller, is }) => {
  expect(await runAs(principal, caller)).toMatchObject(is);
});

test.each([new ForbiddenError(CALL), new WriteRefusedError(CALL)])(
  'who cannot be told apart acts as a service account, and as nobody else: $name',
  async (error) => {
    expect(await runAs(ETL, error)).toMatchObject({ kind: 'known', account: ETL });
    await expect(runAs(ADA, error)).rejects.toBe(error);
  },
);

test.each([ETL, ADA])('a failure that passes decides nothing: a job of %s', async (principal) => {
  const error = new ThrottledError(CALL);
  await expect(runAs(principal, error)).rejects.toBe(error);
});

test('who calls is asked of BigQuery where the job ran, by a query that is not the job', async () => {
  const asked: DryRunRequest[] = [];
  const job: Job = { name: NAME, state: 'DONE', principal: ADA };
  await repeatAs(job, 7, async (request, options) => {
    asked.push(request);
    expect(options).toEqual({ deadlineAtMs: 7, as: undefined });
    return {};
  });
  expect(asked).toEqual([
    {
      projectId: 'shop',
      location: 'EU',
      configuration: { query: { query: 'SELECT 1', useLegacySql: false } },
    },
  ]);
});
