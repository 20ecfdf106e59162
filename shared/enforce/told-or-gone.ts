import { permissionMissing } from '../alert/system-alert.ts';
import { ForbiddenError, NotFoundError } from '../bigquery/errors.ts';
import type { JobName } from '../job/job-name.ts';
import { tellAlerts } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

/**
 * What a look at a job, or at its project, told, or undefined when BigQuery knows no such job or project.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function toldOrGone<T>(
  { projectId }: JobName,
  look: Promise<T>,
  ports: EnforcePorts,
): Promise<T | undefined> {
  try {
    return await look;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    if (error instanceof ForbiddenError) await tellMissing(projectId, error, ports);
    throw error;
  }
}

/** Tells people, once a day, which permission is missing in a project, and to whom if not to the watchdog. */
export async function tellMissing(
  projectId: string,
  { permission, account, message: detail }: Lacked,
  ports: EnforcePorts,
): Promise<void> {
  const alert = permissionMissing(ports.verb, projectId, { permission, account, detail }, ports.clock.now());
  await tellAlerts([alert], ports);
}

/** An error that names what is missing. */
type Lacked = Pick<ForbiddenError, 'permission' | 'account' | 'message'>;
