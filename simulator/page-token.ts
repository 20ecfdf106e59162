import { invalid } from './api-error.ts';
import type { Position } from './sorted-jobs.ts';

/** What a page token stands for. */
export interface PagePlace {
  /** The last job of the page before: jobs that come and go do not shift what follows it. */
  readonly after: Position;
  /** How many jobs the pages before held: what counts when pages shift. */
  readonly count: number;
  /** From 2 on. */
  readonly page: number;
  readonly issuedAtMs: number;
}

export function pageTokenOf({ after, count, page, issuedAtMs }: PagePlace): string {
  const parts = [after.creationTimeMs, after.jobId, after.location, count, page, issuedAtMs];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

export function placeOf(pageToken: string): PagePlace {
  const place = readPlace(pageToken);
  if (place === undefined) throw invalidPageToken();
  return place;
}

/** Google documents no error of its own for a token that is too old or is none: here they are one. */
export function invalidPageToken(): Error {
  return invalid('Invalid page token', 'pageToken');
}

/** Which page of a list a request asks for, from 1 on; a token that is none counts as the first. */
export function pageNumberOf(parameters: URLSearchParams): number {
  return readPlace(parameters.get('pageToken') ?? '')?.page ?? 1;
}

function readPlace(pageToken: string): PagePlace | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(pageToken, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  const [creationTimeMs, jobId, location, count, page, issuedAtMs]: unknown[] = Array.isArray(parsed)
    ? parsed
    : [];
  if (typeof creationTimeMs !== 'number' || typeof jobId !== 'string' || typeof location !== 'string') {
    return undefined;
  }
  if (typeof count !== 'number' || typeof page !== 'number' || typeof issuedAtMs !== 'number')
    return undefined;
  return { after: { creationTimeMs, jobId, location }, count, page, issuedAtMs };
}
