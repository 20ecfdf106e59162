import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loggingFilter } from '../cli/logging-filter.ts';
import {
  cancelled,
  changed,
  deleted,
  endedQuery,
  entryOf,
  inserted,
  JOB,
  olderEntryOf,
  other,
  startedQuery,
} from '../job/entries.ts';
import { TERRAFORM } from './found-terraform.ts';

const FOLDER = join(TERRAFORM, 'filters');
const FILTERS = readdirSync(FOLDER)
  .sort()
  .map((file) => ({
    verb: file.replace('.txt', ''),
    lets: loggingFilter(readFileSync(join(FOLDER, file), 'utf8').trim()),
  }));

const failed = { ...endedQuery, jobStatus: { jobState: 'DONE', errorResult: { code: 8, message: 'full' } } };
const table = { type: 'bigquery_dataset', labels: { project_id: 'shop-prod', dataset_id: 'sales' } };

describe('what the audit log has, and which verbs are told of it by the filters as they stand', () => {
  test.for<{ title: string; entry: Readonly<Record<string, unknown>>; verbs: readonly string[] }>([
    {
      title: 'a job that was inserted',
      entry: entryOf({ metadata: inserted(startedQuery) }),
      verbs: ['cancel'],
    },
    {
      title: 'a query of jobs.query, which may end at once',
      entry: entryOf({
        metadata: { ...inserted(endedQuery), jobInsertion: { job: endedQuery, reason: 'QUERY_REQUEST' } },
      }),
      verbs: ['cancel'],
    },
    {
      title: 'a job that ended well',
      entry: entryOf({ metadata: changed(endedQuery) }),
      verbs: ['purge', 'retry'],
    },
    { title: 'a job that failed', entry: entryOf({ metadata: changed(failed) }), verbs: ['purge', 'retry'] },
    {
      title: 'a job whose entry was cut down to its name',
      entry: entryOf({ metadata: changed({ jobName: JOB }) }),
      verbs: ['purge', 'retry'],
    },
    {
      title: 'a job that went on to run',
      entry: entryOf({ metadata: changed(startedQuery, 'RUNNING') }),
      verbs: [],
    },
    { title: 'a cancel that was asked for', entry: entryOf({ metadata: cancelled(JOB) }), verbs: [] },
    { title: 'a job that was deleted', entry: entryOf({ metadata: deleted(JOB) }), verbs: [] },
    { title: 'a table that was read', entry: entryOf({ metadata: other('tableDataRead') }), verbs: [] },
    {
      title: 'a table that a job changed',
      entry: { ...entryOf({ metadata: other('tableDataChange') }), resource: table },
      verbs: [],
    },
    { title: 'an entry without metadata', entry: entryOf({}), verbs: [] },
    {
      title: 'a job that was inserted, in the older format: the newer one tells of it too',
      entry: olderEntryOf({ jobInsertRequest: { resource: { jobName: { projectId: 'p', jobId: 'j' } } } }),
      verbs: [],
    },
    {
      title: 'a job that ended, in the older format',
      entry: olderEntryOf({ jobCompletedEvent: { eventName: 'query_job_completed', job: {} } }),
      verbs: [],
    },
  ])('$title', ({ entry, verbs }) => {
    expect(FILTERS.filter(({ lets }) => lets(entry)).map(({ verb }) => verb)).toEqual(verbs);
  });

  test('there is a filter for each verb, and no other', () => {
    expect(FILTERS.map(({ verb }) => verb)).toEqual(['cancel', 'purge', 'retry']);
  });
});
