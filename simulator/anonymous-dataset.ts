import { ApiError } from './api-error.ts';
import { anonymousDatasetId } from './filled-in.ts';
import type { JobName } from './job-record.ts';
import { type JsonRecord, textAt } from './json.ts';

/** Nobody may write into the anonymous dataset of somebody else. Google's text for tables that one may not make. */
export function checkAnonymousDestination(query: JsonRecord, place: JobName, caller: string): void {
  const datasetId = textAt(query, 'destinationTable', 'datasetId');
  if (datasetId === undefined || !/^_(script)?[0-9a-f]{40}$/.test(datasetId)) return;
  const own = [anonymousDatasetId(place, caller, 'query'), anonymousDatasetId(place, caller, 'script')];
  if (own.includes(datasetId)) return;
  const dataset = `${textAt(query, 'destinationTable', 'projectId') ?? place.projectId}:${datasetId}`;
  throw new ApiError({
    code: 403,
    reason: 'accessDenied',
    message: `Access Denied: Dataset ${dataset}: Permission bigquery.tables.create denied on dataset ${dataset} (or it may not exist).`,
  });
}
