import { type DescribedJob, destinationOf, done, started, when } from './described-job.ts';
import { olderEntryOf } from './entries.ts';

/** A described job as the older audit format tells it: the response to its insertion, or the completed event. */
export function asOlderEntry(job: DescribedJob): unknown {
  const { principal } = job;
  const authenticationInfo =
    'email' in principal ? { principalEmail: principal.email } : { principalSubject: principal.subject };
  const failed = done(job) && job.failure !== undefined;
  const told = {
    jobName: job.name,
    jobConfiguration: {
      ...configuration(job),
      ...when(Object.keys(job.labels).length > 0, { labels: job.labels }),
    },
    jobStatus: { state: job.state, error: failed ? { code: 3, message: job.failure } : {} },
    jobStatistics: statistics(job),
  };
  const data = done(job)
    ? { jobCompletedEvent: { eventName: `${job.type.toLowerCase()}_job_completed`, job: told } }
    : {
        jobInsertRequest: { resource: { jobName: {}, jobConfiguration: told.jobConfiguration } },
        jobInsertResponse: { resource: told },
      };
  return olderEntryOf(data, { project: job.name.projectId, payload: { authenticationInfo } });
}

function configuration(job: DescribedJob): object {
  const { query, statementType, destination: destinationTable, sources: sourceTables } = job;
  switch (job.type) {
    case 'LOAD':
      return { load: { destinationTable } };
    case 'EXTRACT':
      return { extract: { sourceTable: sourceTables[0] } };
    case 'COPY':
      return { tableCopy: { sourceTables, destinationTable } };
    case 'QUERY': {
      const queryPriority = job.batch ? 'QUERY_BATCH' : 'QUERY_INTERACTIVE';
      return { query: { query, destinationTable: destinationOf(job), queryPriority, statementType } };
    }
  }
}

function statistics(job: DescribedJob): object {
  const iso = (ms: number) => new Date(ms).toISOString();
  const startMs = job.createdMs + job.waitedMs;
  return {
    createTime: iso(job.createdMs),
    ...when(started(job), { startTime: iso(startMs) }),
    ...when(done(job), {
      endTime: iso(startMs + job.ranMs),
      reservation: job.reservation ?? 'unreserved',
      ...when(job.type !== 'COPY', { totalSlotMs: String(job.slotMs) }),
      ...when(job.type === 'EXTRACT', { totalProcessedBytes: String(job.bytes) }),
      ...when(job.type === 'LOAD', { totalLoadOutputBytes: String(job.bytes) }),
      ...when(job.type === 'QUERY', {
        totalProcessedBytes: String(job.bytes),
        totalBilledBytes: String(job.billed),
        referencedTables: job.sources,
        totalTablesProcessed: job.sources.length,
      }),
    }),
  };
}
