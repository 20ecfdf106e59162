import type { JobName, JobRecord, Measures } from './job-record.ts';
import type { JobError } from './job-script.ts';
import { type JsonRecord, textAt, withoutAbsent } from './json.ts';
import { childJobId, isDryRun, type NewJob, newJob } from './new-job.ts';
import { childrenOfText } from './scripted-job.ts';
import type { InsertedLife, SimulatorState } from './state.ts';
import { statementTypeOf } from './statement-type.ts';

/** A job of the API pends about a tenth of a second and runs about one (design section 7). */
const PENDING_MS = 100;
const SHORTEST_RUN_MS = 800;
const RUN_SPREAD_MS = 400;
const CHILD_RUN_MS = 400;

export interface Insertion {
  readonly name: JobName;
  readonly principal: string;
  readonly configuration: JsonRecord;
  readonly insertedBy: 'JOB_INSERT_REQUEST' | 'QUERY_REQUEST';
  /** A fault has it that the job has failed already. */
  readonly error?: JobError;
}

/** Makes a job of a checked configuration. A dry run becomes no job: its record is only there to be shown. */
export function insertJob(insertion: Insertion, state: SimulatorState): JobRecord {
  const { name, principal, configuration, error } = insertion;
  const nowMs = state.clock.now();
  const life = state.lifeOfInserted({ ...name, principal, configuration }) ?? {};
  const text = textAt(configuration, 'query', 'query') ?? '';
  const common = {
    principal,
    creationTimeMs: nowMs,
    cancel: life.cancel ?? {},
    emitEntries: life.emitEntries ?? true,
    insertedBy: insertion.insertedBy,
  };
  const isFailed = error !== undefined;
  const record = newJob({
    ...common,
    name,
    configuration,
    pendingMs: isFailed ? 0 : (life.pendingMs ?? PENDING_MS),
    runMs: isFailed ? 0 : (life.runMs ?? SHORTEST_RUN_MS + Math.floor(state.random() * RUN_SPREAD_MS)),
    ...errorOf(error ?? life.error),
    ...(life.moreErrors === undefined ? {} : { moreErrors: life.moreErrors }),
    measures: measuresOf(life, statementTypeOf(text) === 'SCRIPT'),
  });
  if (isDryRun(configuration)) return record;
  state.store.add(record);
  if (record.statementType === 'SCRIPT' && !isFailed) addChildren(record, text, common, state);
  state.writes.push({
    atMs: nowMs,
    method: 'insert',
    job: name,
    by: principal,
    effective: true,
    configuration,
  });
  state.audit.added(record);
  return record;
}

/** A script's statements run one after the other from its start on. */
function addChildren(
  parent: JobRecord,
  text: string,
  common: Omit<NewJob, 'name' | 'configuration' | 'pendingMs' | 'runMs' | 'measures'>,
  state: SimulatorState,
): void {
  childrenOfText(text).forEach((statement, index) => {
    const child = newJob({
      ...common,
      name: { projectId: parent.projectId, location: parent.location, jobId: childJobId(parent, index) },
      creationTimeMs: parent.plan.startsAtMs + index * CHILD_RUN_MS,
      configuration: { query: { query: statement.query, useLegacySql: false } },
      parent,
      pendingMs: 0,
      runMs: CHILD_RUN_MS,
      measures: measuresOf({}, false),
    });
    state.store.add(child);
    parent.plan.endsAtMs = Math.max(parent.plan.endsAtMs, child.plan.endsAtMs);
    state.audit.added(child);
  });
}

function errorOf(error: JobError | undefined): { error?: JobError } {
  return error === undefined ? {} : { error };
}

/** A script's parent uses what its children use. */
function measuresOf(life: InsertedLife, isScript: boolean): Measures {
  const optional = withoutAbsent({
    slots: life.slots ?? (isScript ? undefined : 1),
    bytesBilled: life.bytesBilled,
    cacheHit: life.cacheHit,
    reservation: life.reservation,
    edition: life.edition,
    referencedTables: life.referencedTables,
  });
  return {
    bytesProcessed: life.bytesProcessed ?? 0,
    estimatedBytes: life.estimatedBytes ?? 0,
    lateFields: life.lateFields ?? {},
    ...optional,
  };
}
