import { ApiError, invalid } from './api-error.ts';
import type { SimulatorMethod } from './faults.ts';
import { cancel } from './routes/cancel.ts';
import { remove } from './routes/delete.ts';
import { generateAccessToken } from './routes/generate-access-token.ts';
import { get } from './routes/get.ts';
import { getQueryResults } from './routes/get-query-results.ts';
import { insert } from './routes/insert.ts';
import { list } from './routes/list.ts';
import { query } from './routes/query.ts';
import type { Route } from './state.ts';

export interface RoutedCall {
  readonly method: SimulatorMethod;
  readonly route: Route;
  readonly projectId: string;
  readonly target: string;
}

interface Pattern {
  readonly verb: string;
  /** Path segments; `*` is the project, `#` the job or account. */
  readonly segments: readonly string[];
  readonly method: SimulatorMethod;
  readonly route: Route;
}

const PATTERNS: readonly Pattern[] = [
  { verb: 'GET', segments: ['projects', '*', 'jobs'], method: 'list', route: list },
  { verb: 'POST', segments: ['projects', '*', 'jobs'], method: 'insert', route: insert },
  { verb: 'GET', segments: ['projects', '*', 'jobs', '#'], method: 'get', route: get },
  { verb: 'POST', segments: ['projects', '*', 'jobs', '#', 'cancel'], method: 'cancel', route: cancel },
  { verb: 'DELETE', segments: ['projects', '*', 'jobs', '#', 'delete'], method: 'delete', route: remove },
  { verb: 'POST', segments: ['projects', '*', 'queries'], method: 'query', route: query },
  {
    verb: 'GET',
    segments: ['projects', '*', 'queries', '#'],
    method: 'getQueryResults',
    route: getQueryResults,
  },
];

const TOKEN_PATH = /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):generateAccessToken$/;

/** Finds the route of a path, with or without `/bigquery/v2` before it. Throws the 404 or 400 that Google would. */
export function routed(verb: string, pathname: string): RoutedCall {
  const account = TOKEN_PATH.exec(pathname)?.[1];
  if (account !== undefined && verb === 'POST') {
    return {
      method: 'generateAccessToken',
      route: generateAccessToken,
      projectId: '-',
      target: decoded(account),
    };
  }
  const segments = pathname
    .replace(/^\/bigquery\/v2(?=\/)/, '')
    .split('/')
    .slice(1);
  for (const pattern of PATTERNS) {
    if (pattern.verb !== verb || !fits(pattern.segments, segments)) continue;
    const target = segments[pattern.segments.indexOf('#')] ?? '';
    return {
      method: pattern.method,
      route: pattern.route,
      projectId: decoded(segments[1] ?? ''),
      target: decoded(target),
    };
  }
  throw new ApiError({ code: 404, reason: 'notFound', message: `Not Found: ${verb} ${pathname}` });
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false;
  return pattern.every((part, index) => {
    const segment = segments[index] ?? '';
    return part === '*' || part === '#' ? segment !== '' : part === segment;
  });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(`Invalid percent-encoding in the path: ${segment}`);
  }
}
