import { invalid } from './api-error.ts';
import type { Position } from './sorted-jobs.ts';

/** A place in the list, not a count: jobs that come and go do not shift the pages. */
export function pageTokenOf(position: Position): string {
  return Buffer.from(JSON.stringify([position.creationTimeMs, position.jobId, position.location])).toString(
    'base64url',
  );
}

export function positionOf(pageToken: string): Position {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(pageToken, 'base64url').toString('utf8'));
  } catch {
    throw invalid('Invalid page token', 'pageToken');
  }
  const [creationTimeMs, jobId, location]: unknown[] = Array.isArray(parsed) ? parsed : [];
  if (typeof creationTimeMs !== 'number' || typeof jobId !== 'string' || typeof location !== 'string') {
    throw invalid('Invalid page token', 'pageToken');
  }
  return { creationTimeMs, jobId, location };
}
