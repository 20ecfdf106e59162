import type { JobName } from '../job/job-name.ts';
import { agreedNow } from './agreed-now.ts';
import { haveJustAgreed } from './clock-agreement.ts';
import type { EnforcePorts, Span } from './ports.ts';
import { toldOrGone } from './told-or-gone.ts';

/** A look that is under way, for all that are to be done in one span. It never fails. */
const LOOKS = new WeakMap<Span, Promise<unknown>>();

/**
 * Whether our clock may be trusted with what it says of others' leases: by an answer of the last second, whatever
 * it was asked for, or else by a `jobs.get` of now. Many claims that fall due at once ask for one. Of a job that is
 * gone BigQuery tells no time, and nothing can be asked either.
 *
 * @throws the errors of `bigquery/errors.ts` but NotFoundError; a ForbiddenError has been alerted
 */
export async function clocksAgree(name: JobName, span: Span, ports: EnforcePorts): Promise<boolean> {
  if (haveJustAgreed(ports)) return true;
  // What it told of another job than this one, but that the clocks agree, is nothing to go by.
  const underWay = LOOKS.get(span);
  if (underWay) await underWay;
  if (haveJustAgreed(ports)) return true;
  const look = lookAtTime(name, span, ports);
  const settled = look.catch(() => undefined);
  LOOKS.set(span, settled);
  try {
    return await look;
  } finally {
    if (LOOKS.get(span) === settled) LOOKS.delete(span);
  }
}

async function lookAtTime(name: JobName, { deadlineAtMs }: Span, ports: EnforcePorts): Promise<boolean> {
  const look = await toldOrGone(name, ports.jobs.get(name, { deadlineAtMs }), ports);
  return look === undefined || (await agreedNow(look, ports)) !== undefined;
}
