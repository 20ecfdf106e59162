import { describe, expect, it, test } from 'vitest';
import { readJob } from '../../shared/job/from-rest.ts';
import { readRerunFacts } from '../../shared/job/rerun-facts.ts';
import { isGoogleAgent, isServiceAccount } from '../../shared/job/service-account.ts';

const NOTHING = {
  errors: [],
  script: false,
  session: false,
  transaction: false,
  mayReadDestination: false,
  namesSources: false,
  wildcardExport: false,
};

describe('the whole of a job tells', () => {
  test.each([
    ['nothing when there is nothing', {}, NOTHING],
    ['nothing when it is no object', 'x', NOTHING],
    ['a script by its children', { statistics: { numChildJobs: '2' } }, { ...NOTHING, script: true }],
    [
      'a child by what it says of its script',
      { statistics: { scriptStatistics: {} } },
      { ...NOTHING, script: true },
    ],
    [
      'a session that it made',
      { configuration: { query: { createSession: true } } },
      { ...NOTHING, session: true },
    ],
    [
      'a session that it ran in',
      { configuration: { query: { connectionProperties: [{ key: 'time_zone' }, { key: 'session_id' }] } } },
      { ...NOTHING, session: true },
    ],
    [
      'a session by its id',
      { statistics: { sessionInfo: { sessionId: 's' } } },
      { ...NOTHING, session: true },
    ],
    [
      'a transaction',
      { statistics: { transactionInfo: { transactionId: 't' } } },
      { ...NOTHING, transaction: true },
    ],
    [
      'the files of a load',
      { configuration: { load: { sourceUris: ['gs://b/f'], writeDisposition: 'WRITE_APPEND' } } },
      { ...NOTHING, namesSources: true, writeDisposition: 'WRITE_APPEND' },
    ],
    ['that a load has none', { configuration: { load: { sourceUris: [] } } }, NOTHING],
    [
      'files by a star',
      { configuration: { extract: { destinationUris: ['gs://b/a', 'gs://b/*'] } } },
      { ...NOTHING, wildcardExport: true },
    ],
    [
      'a file by a star',
      { configuration: { extract: { destinationUri: 'gs://b/*.csv' } } },
      { ...NOTHING, wildcardExport: true },
    ],
    [
      'how a copy writes, of which nobody knows what it reads',
      { configuration: { copy: { writeDisposition: 'WRITE_TRUNCATE' } } },
      { ...NOTHING, mayReadDestination: true, writeDisposition: 'WRITE_TRUNCATE' },
    ],
  ])('%s', (_name, resource, expected) => {
    expect(readRerunFacts(resource)).toEqual(expected);
  });

  it('the form of its statement, and nothing of the text', () => {
    const facts = readRerunFacts({ configuration: { query: { query: "SELECT 'secret'" } } });
    expect(facts.statement).toEqual({ plainSelect: true, guardedCreate: false, repeatableMerge: false });
    expect(JSON.stringify(facts)).not.toContain('secret');
  });

  it('all its errors, with their messages wrapped', () => {
    const errors = [
      { reason: 'backendError', message: 'secret' },
      { reason: 'stopped', message: 'Job timed out after 5 sec' },
    ];
    const facts = readRerunFacts({ status: { errors } });
    expect(facts.errors).toMatchObject([{ reason: 'backendError' }, { stoppedBy: 'job-timeout' }]);
    expect(JSON.stringify(facts)).not.toContain('secret');
  });
});

describe('an error about the streaming buffer is known by its message', () => {
  const MESSAGE =
    'UPDATE or DELETE statement over table p.d.t would affect rows in the streaming buffer, which is not supported';
  test.each([
    ['badRequest', MESSAGE, 'streaming-buffer'],
    ['badRequest', 'Bad request', undefined],
    ['badRequest', undefined, undefined],
    ['invalidQuery', MESSAGE, undefined],
  ])('%s: %s', (reason, message, about) => {
    const job = readJob({
      jobReference: { projectId: 'p', jobId: 'j' },
      status: { state: 'DONE', errorResult: { reason, message } },
    });
    expect(job.error?.about).toBe(about);
  });
});

describe('an account', () => {
  test.each([
    ['etl@my-project.iam.gserviceaccount.com', true, false],
    ['ETL@my-project.example.com.iam.gserviceaccount.com', true, false],
    ['123-compute@developer.gserviceaccount.com', true, false],
    ['my-project@appspot.gserviceaccount.com', true, false],
    ['bigquery-adminbot@system.gserviceaccount.com', true, true],
    ['service-1@gcp-sa-bigquerydatatransfer.iam.gserviceaccount.com', true, true],
    ['ada@example.com', false, false],
    ['ada@gserviceaccount.com.example.com', false, false],
    ['ada@evilgserviceaccount.com', false, false],
    ['a@b@p.iam.gserviceaccount.com', false, false],
    ['principal://iam.googleapis.com/x/subject/etl@p.iam.gserviceaccount.com', false, false],
    ['', false, false],
  ])('%s is a service account: %s, of Google: %s', (principal, account, agent) => {
    expect([isServiceAccount(principal), isGoogleAgent(principal)]).toEqual([account, agent]);
  });
});
