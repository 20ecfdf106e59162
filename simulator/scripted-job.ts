import type { JobName, JobRecord, Measures } from './job-record.ts';
import type { ChildScript, JobScript, TableReference } from './job-script.ts';
import { type JsonRecord, withoutAbsent } from './json.ts';
import { childJobId, generatedJobId, newJob } from './new-job.ts';
import { statementsOf, statementTypeOf } from './statement-type.ts';

export const DEFAULT_PRINCIPAL = 'simulator@example.com';
const DEFAULT_RUN_MS = 1_000;

/** The records of a scripted job: itself first, then its children, each before its own. */
export function scriptedJobs(script: JobScript, nowMs: number, random: () => number): JobRecord[] {
  const name = {
    projectId: script.projectId,
    location: script.location ?? 'US',
    jobId: script.jobId ?? generatedJobId(random),
  };
  return scriptedFamily(
    script,
    { name, principal: script.principal ?? DEFAULT_PRINCIPAL },
    script.createdAtMs ?? nowMs,
  );
}

interface Played {
  readonly name: JobName;
  readonly principal: string;
  readonly parent?: JobName;
}

/** Each child is created when the one before has ended, unless it says when; a script ends with its last child. */
function scriptedFamily(
  script: ChildScript,
  { name, principal, parent }: Played,
  createdAtMs: number,
): JobRecord[] {
  const { children = [], emitEntries = true } = script;
  const startsAtMs = createdAtMs + (script.pendingMs ?? 0);
  const families: JobRecord[][] = [];
  let nextMs = startsAtMs;
  let lastEndMs = startsAtMs;
  children.forEach((child, index) => {
    const played = { name: { ...name, jobId: childJobId(name, index) }, principal, parent: name };
    const family = scriptedFamily({ emitEntries, ...child }, played, child.createdAtMs ?? nextMs);
    families.push(family);
    nextMs = family[0]?.plan.endsAtMs ?? nextMs;
    lastEndMs = Math.max(lastEndMs, nextMs);
  });
  const own =
    children.length === 0 ? script : { runMs: lastEndMs - startsAtMs, statementType: 'SCRIPT', ...script };
  return [recordOf(own, name, principal, createdAtMs, parent), ...families.flat()];
}

/** The children of a script that came over the API: one for each statement, one after the other. */
export function childrenOfText(text: string): ChildScript[] {
  return statementsOf(text)
    .filter((statement) => !/^(DECLARE|SET)\b/i.test(statement))
    .map((query) => ({ query, runMs: 500, statementType: statementTypeOf(query) }));
}

function recordOf(
  script: ChildScript,
  name: JobName,
  principal: string,
  creationTimeMs: number,
  parent?: JobName,
): JobRecord {
  return newJob({
    name,
    principal,
    creationTimeMs,
    configuration: configurationOf(script, name.projectId),
    ...(script.statementType === undefined ? {} : { statementType: script.statementType }),
    ...(parent === undefined ? {} : { parent }),
    pendingMs: script.pendingMs ?? 0,
    runMs: script.runMs ?? DEFAULT_RUN_MS,
    ...(script.error === undefined ? {} : { error: script.error }),
    ...(script.moreErrors === undefined ? {} : { moreErrors: script.moreErrors }),
    cancel: script.cancel ?? {},
    measures: measuresOf(script),
    emitEntries: script.emitEntries ?? true,
    insertedBy: 'JOB_INSERT_REQUEST',
  });
}

function measuresOf(script: ChildScript): Measures {
  const isParent = (script.children ?? []).length > 0;
  const slots = script.slots ?? (isParent ? undefined : 1);
  const optional = withoutAbsent({
    bytesBilled: script.bytesBilled,
    estimatedBytes: script.estimatedBytes,
    cacheHit: script.cacheHit,
    reservation: script.reservation,
    edition: script.edition,
    referencedTables: script.referencedTables,
    slots,
  });
  return { bytesProcessed: script.bytesProcessed ?? 0, lateFields: script.lateFields ?? {}, ...optional };
}

function configurationOf(script: ChildScript, projectId: string): JsonRecord {
  const common = withoutAbsent({
    labels: script.labels,
    jobTimeoutMs: script.jobTimeoutMs === undefined ? undefined : String(script.jobTimeoutMs),
    dryRun: script.dryRun,
    // The shared pool is no reservation that anyone asks for.
    reservation: script.reservation === 'default-pipeline' ? undefined : script.reservation,
  });
  const [part, fields] = partOf(script, projectId);
  return { ...common, [part]: { ...withoutAbsent(fields), ...script.configuration } };
}

function partOf(script: ChildScript, projectId: string): [string, JsonRecord] {
  const { destinationTable, createDisposition, writeDisposition } = script;
  const table = (tableId: string): TableReference => ({ projectId, datasetId: 'sales', tableId });
  switch (script.type ?? 'QUERY') {
    case 'QUERY':
      return [
        'query',
        {
          query: script.query ?? 'SELECT 1',
          useLegacySql: false,
          priority: script.priority,
          continuous: script.continuous,
          destinationTable,
          createDisposition,
          writeDisposition,
        },
      ];
    case 'LOAD':
      return [
        'load',
        {
          sourceUris: script.sourceUris ?? ['gs://example-bucket/orders.csv'],
          destinationTable: destinationTable ?? table('orders'),
          createDisposition,
          writeDisposition,
        },
      ];
    case 'EXTRACT':
      return [
        'extract',
        {
          sourceTable: script.sourceTable ?? table('orders'),
          destinationUris: script.destinationUris ?? ['gs://example-bucket/orders-*.csv'],
        },
      ];
    case 'COPY':
      return [
        'copy',
        {
          sourceTables: [script.sourceTable ?? table('orders')],
          destinationTable: destinationTable ?? table('orders_copy'),
          createDisposition,
          writeDisposition,
        },
      ];
  }
}
