import { invalid } from './api-error.ts';
import { hexOf } from './filled-in.ts';
import type { JobName, JobRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';
import { isRecord, type JsonRecord, recordAt, textAt } from './json.ts';

/** A session ends by itself after seven days at most [doc: sessions-intro.md]. */
const LONGEST_MS = 7 * 86_400_000;

export interface SessionAsker extends Pick<JobName, 'projectId' | 'location'> {
  readonly caller: string;
  readonly nowMs: number;
}

/** The session that a job made or ran in, as `statistics.sessionInfo` tells it. */
export function sessionIdOf(record: JobRecord): string | undefined {
  const part = partWithSession(record.configuration);
  if (part?.['createSession'] === true) return newSessionId(record);
  return part === undefined ? undefined : askedSession(part);
}

/** Refuses a session that is not there: never made, ended, or another's. That both are given is refused, too. */
export function checkSession(configuration: JsonRecord, asker: SessionAsker, store: JobStore): void {
  const part = partWithSession(configuration);
  const sessionId = part === undefined ? undefined : askedSession(part);
  if (sessionId === undefined) return;
  if (part?.['createSession'] === true) {
    throw invalid('createSession and the connection property session_id cannot both be set', 'createSession');
  }
  const maker = makerOf(sessionId, asker, store);
  const isTheirs = maker?.principal === asker.caller && sessionIdOf(maker) === sessionId;
  if (!isTheirs || maker.creationTimeMs + LONGEST_MS <= asker.nowMs) {
    throw invalid(`Session ${sessionId} is not available`, 'connectionProperties');
  }
}

function partWithSession(configuration: JsonRecord): JsonRecord | undefined {
  return recordAt(configuration, 'query') ?? recordAt(configuration, 'load');
}

function askedSession(part: JsonRecord): string | undefined {
  const properties = part['connectionProperties'];
  const list: readonly unknown[] = Array.isArray(properties) ? properties : [];
  const asked = list.find((property) => isRecord(property) && property['key'] === 'session_id');
  return textAt(asked, 'value');
}

/** An id tells which job made the session, so that nothing else need be kept. */
function newSessionId({ projectId, location, jobId }: JobName): string {
  const hash = hexOf(`session ${projectId} ${location} ${jobId}`).slice(0, 16);
  return Buffer.from(`${hash} ${jobId}`).toString('base64url');
}

function makerOf(
  sessionId: string,
  { projectId, location }: SessionAsker,
  store: JobStore,
): JobRecord | undefined {
  const jobId = Buffer.from(sessionId, 'base64url').toString().split(' ')[1];
  if (jobId === undefined) return undefined;
  const name = { projectId, location, jobId };
  // A session outlives the metadata of the job that made it.
  return store.find(name) ?? store.findDeleted(name);
}
