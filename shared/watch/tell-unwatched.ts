import { permissionMissing, projectUnwatchable } from '../alert/system-alert.ts';
import { ForbiddenError, JobsApiError, UnauthenticatedError } from '../bigquery/errors.ts';
import type { JobsPage } from '../bigquery/jobs-client.ts';
import { tellAlerts } from '../enforce/outbox.ts';
import type { EnforcePorts } from '../enforce/ports.ts';
import { printUnreadJob } from '../job/unread-job.ts';
import { UnreadableDocumentError } from '../ledger/errors.ts';

/** So many jobs that cannot be read are named. */
const MOST_NAMED = 10;

/**
 * A sweep that failed for good, or will for as long as no person comes, is told to people.
 *
 * @returns whether sending it again may help
 */
export async function tellUnwatchable(
  error: unknown,
  projectId: string,
  ports: EnforcePorts,
): Promise<boolean> {
  if (error instanceof UnreadableDocumentError) await tellUnreadable([error], projectId, ports);
  if (!(error instanceof JobsApiError)) return true;
  const now = ports.clock.now();
  const { name, message } = error;
  const alert =
    error instanceof ForbiddenError
      ? permissionMissing(ports.verb, projectId, { permission: error.permission, detail: message }, now)
      : projectUnwatchable(ports.verb, projectId, name, message, now);
  const mayPass = error.fault !== 'terminal';
  // Credentials may be mended at any time, but seldom mend themselves.
  if (!mayPass || error instanceof UnauthenticatedError) await tellAlerts([alert], ports);
  return mayPass;
}

/** Jobs that cannot be looked at are not watched: people are told once a day for each kind of refusal. */
export async function tellRefusedLooks(
  faults: readonly unknown[],
  projectId: string,
  ports: EnforcePorts,
): Promise<void> {
  const now = ports.clock.now();
  const refusals = faults.filter(isRefusal);
  const alerts = refusals.map(({ method, name, message }) =>
    projectUnwatchable(ports.verb, projectId, `${method} ${name}`, message, now),
  );
  await tellAlerts(alerts, ports);
}

/** One that people were not told of already. */
function isRefusal(fault: unknown): fault is JobsApiError {
  return fault instanceof JobsApiError && fault.fault === 'terminal' && !(fault instanceof ForbiddenError);
}

/**
 * What a page of a list does not show. A location that does not answer is caught up with later. Of an item that cannot
 * be read no more is known than it tells itself: that job is not watched, and people are told once a day.
 */
export async function tellGaps(
  { brokenItems, unreachable }: JobsPage,
  projectId: string,
  ports: EnforcePorts,
): Promise<void> {
  const { log, verb, clock } = ports;
  if (unreachable.length > 0) log.warning('locations unreachable', { projectId, locations: unreachable });
  const count = brokenItems.length;
  if (count === 0) return;
  const some = brokenItems.slice(0, MOST_NAMED).map(printUnreadJob);
  log.warning('list items not understood', { projectId, count, items: some });
  const what =
    count === 1 ? '1 job that cannot be read, and is' : `${count} jobs that cannot be read, and are`;
  const names = count > some.length ? [...some, '…'] : some;
  const waits = verb === 'retry' ? ' While it may have done the work of a failed job, that one waits.' : '';
  const detail = `a page of jobs.list has ${what} not watched (${names.join('; ')}); see what "bq show -j" tells, and update the watchdog.${waits}`;
  await tellAlerts([projectUnwatchable(verb, projectId, 'list items', detail, clock.now())], ports);
}

/**
 * What of the ledger cannot be read, once a day for each kind of document: only a person can help, and what hangs
 * on it is not done.
 */
export async function tellUnreadable(
  errors: readonly UnreadableDocumentError[],
  projectId: string,
  ports: EnforcePorts,
): Promise<void> {
  const now = ports.clock.now();
  const alerts = [...Map.groupBy(errors, ({ collection }) => collection)].flatMap(([collection, ofThem]) => {
    const [first] = ofThem;
    if (first === undefined) return [];
    const count = new Set(ofThem.map(({ key }) => key)).size;
    ports.log.error('the ledger cannot be read in part', { projectId, collection, count, error: first });
    const detail = `the ledger has ${collection} that cannot be read, ${count} as far as this sweep saw; ${first.message}`;
    return [projectUnwatchable(ports.verb, projectId, `${first.name} ${collection}`, detail, now)];
  });
  await tellAlerts(alerts, ports);
}
