import { hexOf } from './filled-in.ts';
import { type Life, lifeAt } from './job-life.ts';
import type { JobRecord } from './job-record.ts';
import { type JsonRecord, recordAt, withoutAbsent } from './json.ts';
import { type Detail, grownSlotMs, slotMsOf, statisticsOf } from './statistics.ts';

/** The Job resource as `jobs.get` answers it [doc: reference/rest/v2/Job.md]. */
export function jobResource(record: JobRecord, nowMs: number): JsonRecord {
  const resource = resourceAt(record, lifeAt(record, nowMs), nowMs, 'get');
  return record.given === undefined ? { etag: etagOf(resource), ...resource } : resource;
}

function resourceAt(record: JobRecord, life: Life, nowMs: number, detail: Detail): JsonRecord {
  if (record.given !== undefined) return givenResource(record.given.resource, record, life, nowMs);
  const { projectId, location, jobId } = record;
  return withoutAbsent({
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    selfLink: `https://bigquery.googleapis.com/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    user_email: record.principal,
    principal_subject: subjectOf(record.principal),
    configuration: record.configuration,
    jobReference: { projectId, jobId, location },
    jobCreationReason: { code: 'REQUESTED' },
    statistics: statisticsOf(record, nowMs, detail),
    status: statusOf(life),
  });
}

/** A ListFormatJob: `state` always; configuration, status and who ran it only in the full projection. */
export function listItem(record: JobRecord, nowMs: number, projection: 'full' | 'minimal'): JsonRecord {
  const life = lifeAt(record, nowMs);
  const resource = resourceAt(record, life, nowMs, 'list');
  const { id, jobReference, statistics, configuration, status, user_email, principal_subject } = resource;
  const minimal = {
    id,
    kind: 'bigquery#job',
    jobReference,
    state: life.state,
    errorResult: life.error,
    statistics,
  };
  if (projection === 'minimal') return withoutAbsent(minimal);
  return withoutAbsent({ ...minimal, configuration, status, user_email, principal_subject });
}

/**
 * What a list shows of somebody else's job to those who may not see it: no configuration and nobody's name
 * (googleapis/google-cloud-python issue 5220, google-cloud-java issue 3739). What errors and statistics still tell
 * is undocumented; here their texts, tables and statements are gone too.
 */
export function redactedItem(item: JsonRecord): JsonRecord {
  const { id, kind, jobReference, state, status } = item;
  const statistics = recordAt(item, 'statistics') ?? {};
  const query = recordAt(statistics, 'query');
  const { scriptStatistics: _, ...rest } = statistics;
  const { referencedTables: __, ...used } = query ?? {};
  const told = query === undefined ? rest : { ...rest, query: used };
  return withoutAbsent({
    id,
    kind,
    jobReference,
    state,
    statistics: told,
    status: status === undefined ? undefined : { state },
  });
}

/** As given, but for what a cancel changed since, and the slot time that it is to go on using. */
function givenResource(resource: JsonRecord, record: JobRecord, life: Life, nowMs: number): JsonRecord {
  const hasEnded = record.given?.state !== life.state;
  const isGrown = grownSlotMs(record, nowMs) > 0;
  if (!hasEnded && !isGrown) return resource;
  const statistics = recordAt(resource, 'statistics') ?? {};
  const query = recordAt(statistics, 'query');
  const totalSlotMs = isGrown ? { totalSlotMs: String(slotMsOf(record, nowMs)) } : {};
  return {
    ...resource,
    statistics: {
      ...statistics,
      ...totalSlotMs,
      ...(query === undefined ? {} : { query: { ...query, ...totalSlotMs } }),
      ...(hasEnded ? { endTime: String(life.endTimeMs) } : {}),
    },
    ...(hasEnded ? { status: statusOf(life) } : {}),
  };
}

export function statusOf(life: Life): JsonRecord {
  const { state, error, moreErrors = [] } = life;
  if (error !== undefined) return { state, errorResult: error, errors: [error, ...moreErrors] };
  return moreErrors.length === 0 ? { state } : { state, errors: [...moreErrors] };
}

export function subjectOf(principal: string | undefined): string | undefined {
  if (principal === undefined) return undefined;
  return principal.endsWith('.gserviceaccount.com') ? `serviceAccount:${principal}` : `user:${principal}`;
}

/** Of what may change: a configuration stays, and its text may be long. */
function etagOf({ configuration: _, ...changing }: JsonRecord): string {
  return Buffer.from(hexOf(JSON.stringify(changing)).slice(0, 32), 'hex').toString('base64');
}
