import type { JobScript } from '../../simulator/job-script.ts';

/** One for each kind of text that a job carries, and all of them in one. */
export const MARKS = {
  query: 'zq1_marked_query',
  message: 'zq2_marked_message',
  parameter: 'zq3_marked_parameter',
  forged: 'zq4_marked_forgery',
} as const;

export const EVERY_MARK = Object.values(MARKS).join(' ');

/** The marks that stand in what was printed or stored. */
export function marksIn(text: string): readonly string[] {
  return Object.values(MARKS).filter((mark) => text.includes(mark));
}

/** A query whose text and parameters are marked. */
export function markedQuery(jobId: string): JobScript {
  return {
    projectId: 'my-project',
    jobId,
    principal: 'ada@example.com',
    query: `SELECT '${MARKS.query}'`,
    statementType: 'SELECT',
    configuration: {
      parameterMode: 'NAMED',
      queryParameters: [
        { name: 'p', parameterType: { type: 'STRING' }, parameterValue: { value: MARKS.parameter } },
      ],
    },
  };
}

type Json = Readonly<Record<string, unknown>>;

function entryOf(resource: Json, payload: Json): Json {
  return {
    insertId: 'insert-1',
    logName: 'projects/my-project/logs/cloudaudit.googleapis.com%2Fdata_access',
    resource,
    timestamp: '2026-09-01T11:30:00Z',
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      serviceName: 'bigquery.googleapis.com',
      authenticationInfo: { principalEmail: 'ada@example.com' },
      status: { code: 3, message: MARKS.message },
      requestMetadata: { callerSuppliedUserAgent: EVERY_MARK },
      ...payload,
    },
  };
}

/** An entry of the newer format that says that a job has failed, marked wherever it may hold text. */
export function newerEntry(jobId: string): Json {
  const job = {
    jobName: `projects/my-project/jobs/${jobId}`,
    jobConfig: {
      type: 'QUERY',
      queryConfig: { query: `SELECT '${MARKS.query}'`, queryParameters: [MARKS.parameter] },
    },
    jobStatus: {
      jobState: 'DONE',
      errorResult: { code: 3, message: MARKS.message },
      errors: [{ code: 3, message: MARKS.message }],
    },
  };
  return entryOf(
    { type: 'bigquery_project', labels: { project_id: 'my-project', location: 'US' } },
    {
      methodName: 'google.cloud.bigquery.v2.JobService.InsertJob',
      metadata: {
        '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata',
        jobChange: { after: 'DONE', job },
      },
    },
  );
}

/** The same in the older format. */
export function olderEntry(jobId: string): Json {
  const job = {
    jobName: { projectId: 'my-project', jobId, location: 'US' },
    jobConfiguration: { query: { query: `SELECT '${MARKS.query}'`, queryParameters: [MARKS.parameter] } },
    jobStatus: {
      state: 'RUNNING',
      error: { code: 3, message: MARKS.message },
      additionalErrors: [{ code: 3, message: MARKS.message }],
    },
  };
  return entryOf(
    { type: 'bigquery_resource', labels: { project_id: 'my-project' } },
    {
      methodName: 'jobservice.insert',
      serviceData: {
        '@type': 'type.googleapis.com/google.cloud.bigquery.logging.v1.AuditData',
        jobInsertResponse: { resource: job },
      },
    },
  );
}

/** Entries that anyone who may publish can make up: marks where there should be names, words and numbers. */
export function forgedEntries(): readonly Json[] {
  const mark = `x ${MARKS.forged}`;
  const newer = newerEntry('guilty');
  return [
    newerEntry(mark),
    olderEntry(mark),
    { ...newer, insertId: mark, logName: mark, timestamp: mark },
    { ...newer, protoPayload: mark },
    { ...newer, resource: { type: mark, labels: { project_id: mark, location: mark } } },
    entryOf({ type: 'bigquery_project' }, { metadata: { '@type': mark, [mark]: { job: mark } } }),
    entryOf(
      { type: 'bigquery_project' },
      {
        metadata: {
          '@type': 'type.googleapis.com/google.cloud.audit.BigQueryAuditMetadata',
          jobChange: mark,
        },
      },
    ),
    { sweep: { projectId: mark, [mark]: mark } },
    { [mark]: mark },
  ];
}
