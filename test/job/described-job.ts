import fc from 'fast-check';
import type { JobName } from '../../shared/job/job-name.ts';
import { projectIds } from './arbitraries.ts';
import { entryOf } from './entries.ts';

/** A job as it is, told by no source: the agreement test renders it both as an entry and as a resource. */
export interface DescribedJob {
  readonly name: JobName & { readonly location: string };
  readonly type: 'QUERY' | 'LOAD' | 'EXTRACT' | 'COPY';
  readonly state: 'PENDING' | 'RUNNING' | 'DONE';
  readonly principal: { readonly email: string } | { readonly subject: string };
  readonly createdMs: number;
  readonly waitedMs: number;
  readonly ranMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly batch: boolean;
  readonly statementType: string;
  readonly query: string;
  readonly sources: readonly Table[];
  readonly destination: Table;
  readonly anonymous: boolean;
  readonly bytes: number;
  readonly billed: number;
  readonly slotMs: number;
  readonly reservation: string | undefined;
  readonly failure: string | undefined;
}

export interface Table {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

const words = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/);
const tables: fc.Arbitrary<Table> = fc.record({
  projectId: projectIds,
  datasetId: words,
  tableId: fc
    .tuple(words, fc.constantFrom('', '$20260101', '@1788825600000'))
    .map(([table, decorator]) => `${table}${decorator}`),
});
const labelKeys = fc.oneof(words, fc.constantFrom('__proto__', 'constructor', 'toString'));

export const describedJobs: fc.Arbitrary<DescribedJob> = fc.record({
  name: fc.record({
    projectId: projectIds,
    location: fc.constantFrom('US', 'EU', 'europe-west2'),
    jobId: fc.stringMatching(/^bquijob_[a-z0-9_-]{1,30}$/),
  }),
  type: fc.constantFrom('QUERY', 'LOAD', 'EXTRACT', 'COPY'),
  state: fc.constantFrom('PENDING', 'RUNNING', 'DONE'),
  principal: fc.oneof(
    words.map((user) => ({ email: `${user}@example.com` })),
    words.map((user) => ({ subject: `serviceAccount:${user}@shop.iam.example` })),
    words.map((user) => ({ subject: `principal://pool/subject/${user}` })),
  ),
  createdMs: fc.integer({ min: 1_500_000_000_000, max: 1_900_000_000_000 }),
  waitedMs: fc.integer({ min: 0, max: 10_000 }),
  ranMs: fc.integer({ min: 0, max: 10_000_000 }),
  labels: fc
    .array(fc.tuple(labelKeys, fc.stringMatching(/^[a-z0-9_-]{0,10}$/)), { maxLength: 4 })
    .map((pairs) => JSON.parse(`{${pairs.map(([key, value]) => `"${key}":"${value}"`).join(',')}}`)),
  batch: fc.boolean(),
  statementType: fc.constantFrom('SELECT', 'INSERT', 'MERGE', 'SCRIPT', 'CREATE_TABLE_AS_SELECT'),
  query: fc.string({ minLength: 1 }),
  sources: fc.array(tables, { minLength: 1, maxLength: 5 }),
  destination: tables,
  anonymous: fc.boolean(),
  bytes: fc.integer({ min: 1, max: 2 ** 50 }),
  billed: fc.integer({ min: 1, max: 2 ** 50 }),
  slotMs: fc.integer({ min: 1, max: 2 ** 40 }),
  reservation: fc.option(fc.constantFrom('admin:US.etl', 'default-pipeline'), { nil: undefined }),
  failure: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
});

const ANONYMOUS: Table = { projectId: 'shop-prod', datasetId: `_${'0f'.repeat(20)}`, tableId: 'anon0011' };
export const destinationOf = (job: DescribedJob) => (job.anonymous ? ANONYMOUS : job.destination);
const path = ({ projectId, datasetId, tableId }: Table) =>
  `projects/${projectId}/datasets/${datasetId}/tables/${tableId}`;
export const started = ({ state }: DescribedJob) => state !== 'PENDING';
export const done = ({ state }: DescribedJob) => state === 'DONE';
export const when = (condition: boolean, part: object) => (condition ? part : {});

/** As an insertion tells it, or, when it is done, the change. */
export function asEntry(job: DescribedJob): unknown {
  const { principal } = job;
  const authenticationInfo =
    'email' in principal ? { principalEmail: principal.email } : { principalSubject: principal.subject };
  const event = {
    jobName: `projects/${job.name.projectId}/jobs/${job.name.jobId}`,
    jobConfig: { ...auditConfig(job), ...when(Object.keys(job.labels).length > 0, { labels: job.labels }) },
    jobStatus: {
      jobState: job.state,
      ...when(done(job) && job.failure !== undefined, { errorResult: { code: 3, message: job.failure } }),
    },
    jobStats: auditStats(job),
  };
  const metadata = done(job)
    ? { jobChange: { after: 'DONE', job: event } }
    : { jobInsertion: { job: event } };
  return entryOf({
    project: job.name.projectId,
    location: job.name.location,
    metadata,
    payload: { authenticationInfo },
  });
}

function auditConfig(job: DescribedJob): object {
  const destinationTable = path(job.type === 'QUERY' ? destinationOf(job) : job.destination);
  switch (job.type) {
    case 'LOAD':
      return { type: 'IMPORT', loadConfig: { destinationTable } };
    case 'EXTRACT':
      return { type: 'EXPORT', extractConfig: { sourceTable: job.sources.slice(0, 1).map(path)[0] } };
    case 'COPY':
      return { type: 'COPY', tableCopyConfig: { sourceTables: job.sources.map(path), destinationTable } };
    case 'QUERY': {
      const { query, statementType } = job;
      const priority = job.batch ? 'QUERY_BATCH' : 'QUERY_INTERACTIVE';
      return { type: 'QUERY', queryConfig: { query, destinationTable, priority, statementType } };
    }
  }
}

function auditStats(job: DescribedJob): object {
  const iso = (ms: number) => new Date(ms).toISOString();
  const startMs = job.createdMs + job.waitedMs;
  const queryStats = {
    totalProcessedBytes: String(job.bytes),
    totalBilledBytes: String(job.billed),
    referencedTables: job.sources.map(path),
  };
  return {
    createTime: iso(job.createdMs),
    ...when(started(job), { startTime: iso(startMs) }),
    ...when(done(job), {
      endTime: iso(startMs + job.ranMs),
      reservation: job.reservation ?? 'unreserved',
      ...when(job.type !== 'COPY', { totalSlotMs: String(job.slotMs) }),
      ...when(job.type === 'QUERY', { queryStats }),
      ...when(job.type === 'LOAD', { loadStats: { totalOutputBytes: String(job.bytes) } }),
      ...when(job.type === 'EXTRACT', { extractStats: { totalInputBytes: String(job.bytes) } }),
    }),
  };
}

/** As `jobs.get` tells it at the same moment. */
export function asResource(job: DescribedJob): unknown {
  const { principal } = job;
  const failed = done(job) && job.failure !== undefined;
  return {
    id: `${job.name.projectId}:${job.name.location}.${job.name.jobId}`,
    ...('email' in principal ? { user_email: principal.email } : { principal_subject: principal.subject }),
    jobReference: job.name,
    configuration: {
      ...restConfig(job),
      ...when(Object.keys(job.labels).length > 0, { labels: job.labels }),
    },
    statistics: restStatistics(job),
    status: {
      state: job.state,
      ...when(failed, { errorResult: { reason: 'invalid', message: job.failure } }),
    },
  };
}

function restConfig(job: DescribedJob): object {
  const { query, destination: destinationTable, sources: sourceTables } = job;
  switch (job.type) {
    case 'LOAD':
      return { jobType: 'LOAD', load: { destinationTable } };
    case 'EXTRACT':
      return { jobType: 'EXTRACT', extract: { sourceTable: sourceTables[0] } };
    case 'COPY':
      return { jobType: 'COPY', copy: { sourceTables, destinationTable } };
    case 'QUERY': {
      const priority = job.batch ? 'BATCH' : 'INTERACTIVE';
      return { jobType: 'QUERY', query: { query, priority, destinationTable: destinationOf(job) } };
    }
  }
}

function restStatistics(job: DescribedJob): object {
  const startMs = job.createdMs + job.waitedMs;
  const query = {
    statementType: job.statementType,
    estimatedBytesProcessed: String(job.bytes),
    totalBytesProcessed: String(job.bytes),
    ...when(done(job), { totalBytesBilled: String(job.billed) }),
    referencedTables: job.sources,
  };
  return {
    creationTime: String(job.createdMs),
    ...when(started(job), {
      startTime: String(startMs),
      ...when(job.type !== 'COPY', { totalSlotMs: String(job.slotMs) }),
      ...when(job.type === 'QUERY', { totalBytesProcessed: String(job.bytes) }),
      ...when(job.reservation !== undefined, { reservation_id: job.reservation }),
    }),
    ...when(done(job), { endTime: String(startMs + job.ranMs) }),
    ...when(job.type === 'QUERY', { query }),
    ...when(job.type === 'LOAD', { load: { inputFileBytes: String(job.bytes) } }),
    ...when(job.type === 'EXTRACT' && started(job), { extract: { inputBytes: String(job.bytes) } }),
  };
}
