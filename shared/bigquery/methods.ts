import type { JobsMethod } from './jobs-api.ts';

interface MethodFacts {
  readonly effect: 'reads' | 'writes';
  /** What the caller must hold to use it on jobs of others [bigquery-facts: Permissions]. */
  readonly permission: string;
  /** A predefined role that has it. */
  readonly role: string;
}

/** What is known of each method before it is called. A new method of the seam must be added here to compile. */
const METHODS: Readonly<Record<JobsMethod, MethodFacts>> = {
  get: { effect: 'reads', permission: 'bigquery.jobs.get', role: 'roles/bigquery.resourceViewer' },
  list: { effect: 'reads', permission: 'bigquery.jobs.listAll', role: 'roles/bigquery.resourceViewer' },
  insert: { effect: 'writes', permission: 'bigquery.jobs.create', role: 'roles/bigquery.jobUser' },
  cancel: { effect: 'writes', permission: 'bigquery.jobs.update', role: 'roles/bigquery.admin' },
  delete: { effect: 'writes', permission: 'bigquery.jobs.delete', role: 'roles/bigquery.admin' },
};

export function methodFacts(method: JobsMethod): MethodFacts {
  return METHODS[method];
}

export function isWrite(method: JobsMethod): boolean {
  return METHODS[method].effect === 'writes';
}
