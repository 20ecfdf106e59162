import { checkAnonymousDestination } from './anonymous-dataset.ts';
import { ApiError, invalid, required } from './api-error.ts';
import { partsOf } from './filled-in.ts';
import type { JobName } from './job-record.ts';
import { isRecord, type JsonRecord, numberAt, recordAt, textAt } from './json.ts';
import { generatedJobId } from './new-job.ts';
import { checkQuery } from './query-checks.ts';
import { checkSession } from './sessions.ts';
import type { Call, SimulatorState } from './state.ts';
import { checkTimes } from './time-checks.ts';

const JOB_ID = /^[A-Za-z0-9_-]{1,1024}$/;
const LABEL_TEXT = /^[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]{0,63}$/u;
const MOST_LABELS = 64;

/** The new job's name: an id of BigQuery's when the client gives none, US when it gives no location. */
export function checkedReference(call: Call, state: SimulatorState): { name: JobName } {
  const reference = recordAt(call.body, 'jobReference');
  const projectId = textAt(reference, 'projectId') ?? call.projectId;
  if (projectId !== call.projectId) {
    throw invalid(
      `Value '${projectId}' in content does not agree with value '${call.projectId}'. This can happen when a value set through a parameter is inconsistent with a value set in the request.`,
      'jobReference.projectId',
    );
  }
  const jobId = textAt(reference, 'jobId') || generatedJobId(state.random);
  if (!JOB_ID.test(jobId)) {
    throw invalid(
      `Invalid job ID "${jobId}". Job IDs must be alphanumeric (plus underscores and dashes) and must be at most 1024 characters long.`,
    );
  }
  const location = canonicalLocation(textAt(reference, 'location') || 'US');
  const name = { projectId, location, jobId };
  if (state.store.find(name) !== undefined) throw alreadyExists(name);
  return { name };
}

/** Multi-regions are shown in capitals whatever the client wrote, regions in small letters. */
function canonicalLocation(location: string): string {
  return /^(us|eu)$/i.test(location) ? location.toUpperCase() : location.toLowerCase();
}

/** A second job of the same name: Google's text names the place [java issue 2867]. */
function alreadyExists(name: JobName): ApiError {
  const message = `Already Exists: Job ${name.projectId}:${name.location}.${name.jobId}`;
  return new ApiError({ code: 409, reason: 'duplicate', message });
}

/** Who asks for which job. */
export interface Asked {
  readonly name: JobName;
  readonly caller: string;
}

/** Refuses what BigQuery refuses before it makes a job of it. */
export function checkedConfiguration(
  configuration: JsonRecord | undefined,
  { name, caller }: Asked,
  state: SimulatorState,
): JsonRecord {
  if (configuration === undefined) throw required('configuration');
  const parts = partsOf(configuration);
  if (parts.length !== 1) {
    throw invalid(
      `Job configuration must contain exactly one job-specific configuration object (e.g., query, load, extract, spreadsheetExtract), but there were ${parts.length}: ${parts.join(', ')}`,
    );
  }
  checkLabels(configuration['labels']);
  checkTimeout(configuration);
  const query = recordAt(configuration, 'query');
  if (query !== undefined) {
    checkQuery(query);
    checkAnonymousDestination(query, name, caller);
  }
  checkTables(configuration);
  const nowMs = state.clock.now();
  checkTimes(configuration, nowMs);
  checkSession(configuration, { ...name, caller, nowMs }, state.store);
  return configuration;
}

/** [doc: labels-intro.md]: at most 64, keys and values at most 63 characters, of the letters listed there. */
function checkLabels(labels: unknown): void {
  if (labels === undefined) return;
  if (!isRecord(labels)) throw invalid('Invalid value for labels: it must be an object', 'labels');
  const entries = Object.entries(labels);
  if (entries.length > MOST_LABELS)
    throw invalid(`Too many labels: ${entries.length}, at most ${MOST_LABELS}`, 'labels');
  for (const [key, value] of entries) {
    if (key === '' || !LABEL_TEXT.test(key)) throw invalid(`Invalid label key "${key}"`, 'labels');
    if (typeof value !== 'string' || !LABEL_TEXT.test(value)) {
      throw invalid(`Invalid label value "${String(value)}" of key "${key}"`, 'labels');
    }
  }
}

function checkTimeout(configuration: JsonRecord): void {
  const given = configuration['jobTimeoutMs'];
  if (given === undefined) return;
  const timeoutMs = numberAt(configuration, 'jobTimeoutMs');
  if (timeoutMs === undefined || timeoutMs < 0 || !Number.isInteger(timeoutMs)) {
    throw invalid(
      `Invalid value for jobTimeoutMs: ${String(given)}. It must be a whole number`,
      'jobTimeoutMs',
    );
  }
}

/** What each other kind of job cannot be without. */
const NEEDED = {
  load: ['destinationTable'],
  extract: ['destinationUris'],
  copy: ['destinationTable'],
} as const;

function checkTables(configuration: JsonRecord): void {
  for (const [part, fields] of Object.entries(NEEDED)) {
    const found = recordAt(configuration, part);
    if (found === undefined) continue;
    const missing = fields.find(
      (field) => found[field] === undefined && found[field.replace(/s$/, '')] === undefined,
    );
    if (missing !== undefined) throw required(`configuration.${part}.${missing}`);
  }
}
