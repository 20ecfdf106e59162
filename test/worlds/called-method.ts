import type { SimulatorRequest } from '../../simulator/request.ts';

/** What the product calls of Google in a world. */
export type CalledMethod = 'get' | 'list' | 'insert' | 'cancel' | 'delete' | 'token';

const JOB_PATH = /\/projects\/([^/]+)\/jobs(?:\/([^/?]+)(\/cancel|\/delete)?)?(?:\?|$)/;

export function methodOf({ method, path }: SimulatorRequest): CalledMethod {
  if (path.includes(':generateAccessToken')) return 'token';
  const [, , jobId, act] = JOB_PATH.exec(path) ?? [];
  if (act === '/cancel') return 'cancel';
  if (act === '/delete') return 'delete';
  if (jobId !== undefined) return 'get';
  return method === 'POST' ? 'insert' : 'list';
}

/** The project and the job that a path of the jobs API names; no job in that of a list or an insert. */
export function namedIn(path: string): {
  readonly projectId: string;
  readonly jobId: string;
  readonly location?: string;
} {
  const [, project = '', jobId = ''] = JOB_PATH.exec(path) ?? [];
  const location = new URL(path, 'http://simulator.invalid').searchParams.get('location');
  return {
    projectId: decodeURIComponent(project),
    jobId: decodeURIComponent(jobId),
    ...(location !== null && { location }),
  };
}
