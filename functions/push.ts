import type { Request, Response } from '@google-cloud/functions-framework';
import type { EntryReading } from '../shared/job/entry-reading.ts';
import { BrokenEntryError } from '../shared/job/errors.ts';
import type { JobName } from '../shared/job/job-name.ts';
import { readAuditEntry } from '../shared/job/read-audit-entry.ts';
import type { DeadLetter } from '../shared/ledger/ledger.ts';
import type { Soon } from '../shared/ports/soon.ts';
import { continueSweep } from './continue-sweep.ts';
import { handleHistory } from './history-push.ts';
import { describeError } from './log.ts';
import { DONE, type Outcome, outcomeOf, worstOf } from './outcome.ts';
import { type Message, RefusedMessageError, readPush } from './pubsub-message.ts';
import { pushEndpoint } from './push-endpoint.ts';
import type { Runtime } from './runtime.ts';
import { wasPurged } from './was-purged.ts';
import type { Work } from './work.ts';

/** The handler of a function that watches jobs. */
export function pushHandler(
  runtime: Runtime,
  work: Work,
): (request: Request, response: Response) => Soon<void> {
  const { ports, settings } = runtime;
  return pushEndpoint(ports.log, settings.ownProject, (body, log) =>
    // Where no trace is named, the log is the function's own.
    handlePush(body, log === ports.log ? runtime : { ...runtime, ports: { ...ports, log } }, work),
  );
}

/** What a dead letter may name of a message. */
type Names = Pick<DeadLetter, 'messageId' | 'insertId' | 'projectId'>;

/** Does the work of one message. Whatever goes wrong becomes an answer: nothing is thrown. */
export function handlePush(body: unknown, runtime: Runtime, work: Work): Soon<Outcome> {
  // Almost no message needs its names.
  let names = (): Names => ({});
  const settled = (error: unknown): Promise<Outcome> => settle(error, names(), runtime);
  try {
    const message = readPush(body);
    names = () => namesOf(message);
    if (message.kind === 'sweep') return handleSweep(message, runtime, work).catch(settled);
    const reading = readAuditEntry(message.entry, runtime.settings);
    names = () => ({ ...namesOf(message), ...namesOfEntry(reading) });
    const outcome = handleEntry(reading, runtime, work);
    return outcome instanceof Promise ? outcome.catch(settled) : outcome;
  } catch (error) {
    return settled(error);
  }
}

async function handleSweep(
  { projectId, history }: Extract<Message, { kind: 'sweep' }>,
  runtime: Runtime,
  work: Work,
): Promise<Outcome> {
  const { ports } = runtime;
  refuseUnwatched(projectId, runtime);
  if (history !== undefined) return handleHistory(history, projectId, runtime, work);
  const swept = await work.sweep(projectId, runtime.sweepId(), runtime.span('sweep'), ports);
  if (swept.kind !== 'done') {
    ports.log.info('sweep not done', { projectId, because: swept.kind });
    return DONE;
  }
  const { jobs, faults, complete } = swept;
  ports.log.info('sweep done', { projectId, jobs, faults: faults.length, complete });
  for (const error of faults) {
    ports.log.warning('job not judged, the next tick tries again', { projectId, error });
  }
  return complete ? worstOf(faults) : continueSweep(projectId, undefined, runtime);
}

function handleEntry(reading: EntryReading, runtime: Runtime, work: Work): Soon<Outcome> {
  const { ports } = runtime;
  if (reading.kind === 'not-a-job-event') {
    ports.log.info('entry ignored', { because: reading.why, insertId: reading.insertId });
    return DONE;
  }
  const name = reading.kind === 'job' ? reading.job.name : reading.name;
  refuseUnwatched(name.projectId, runtime);
  if (reading.kind !== 'job' && reading.kind !== 'look-at') {
    ports.log.info('entry ignored', { because: reading.kind, insertId: reading.insertId });
    return DONE;
  }
  const watched = work.entry(reading, runtime.span('entry'), ports);
  return watched instanceof Promise
    ? watched.then((what) => outcomeOfEntry(what, name, runtime))
    : outcomeOfEntry(watched, name, runtime);
}

function outcomeOfEntry(watched: string, name: JobName, runtime: Runtime): Soon<Outcome> {
  if (watched === 'gone') return outcomeOfGone(name, runtime);
  if (watched === 'contradicted')
    throw new RefusedMessageError('the entry is not what jobs.get tells of the job');
  return DONE;
}

async function outcomeOfGone(name: JobName, { ports }: Runtime): Promise<Outcome> {
  if (!(await wasPurged(name, ports.ledger)))
    throw new RefusedMessageError('jobs.get knows no such job at that location');
  ports.log.info('entry ignored', { because: 'purged', job: name });
  return DONE;
}

function refuseUnwatched(projectId: string, { settings }: Runtime): void {
  if (settings.projects.includes(projectId)) return;
  throw new RefusedMessageError(
    'its project is not watched; add it to WATCHDOG_PROJECTS, or narrow the sink',
  );
}

/** Logs what went wrong, and keeps a record of a message that will not come again. */
async function settle(error: unknown, names: Names, { ports }: Runtime): Promise<Outcome> {
  const outcome = outcomeOf(error);
  const about = { ...names, ...namesOfError(error) };
  if (!outcome.deadLetter) {
    ports.log.warning(outcome.status === 204 ? 'message left to a tick' : 'message not done', {
      ...about,
      error,
    });
    return outcome;
  }
  const fault = faultText(error);
  ports.log.error('dead-letter', { ...about, fault });
  try {
    await ports.ledger.addDeadLetter({ atMs: ports.clock.now(), verb: ports.verb, ...about, fault });
    return outcome;
  } catch (cause) {
    ports.log.error('dead letter not stored', { ...about, error: cause });
    return outcomeOf(cause);
  }
}

/** What could not be read has no other names than those that its error tells. */
function namesOfError(error: unknown): Names {
  if (error instanceof RefusedMessageError) {
    return error.messageId === undefined ? {} : { messageId: error.messageId };
  }
  if (!(error instanceof BrokenEntryError)) return {};
  const { insertId, projectId } = error;
  return { ...(insertId !== undefined && { insertId }), ...(projectId !== undefined && { projectId }) };
}

/** A static sentence, or the message of an error of ours. */
function faultText(error: unknown): string {
  if (error instanceof RefusedMessageError || error instanceof BrokenEntryError) return error.fault;
  const { name, message } = describeError(error);
  return typeof message === 'string' ? message : String(name);
}

function namesOf(message: Message): Names {
  return {
    ...(message.messageId !== undefined && { messageId: message.messageId }),
    ...(message.kind === 'sweep' && { projectId: message.projectId }),
  };
}

function namesOfEntry(reading: EntryReading): Names {
  const insertId = reading.insertId === undefined ? {} : { insertId: reading.insertId };
  if (reading.kind === 'not-a-job-event') return insertId;
  const { projectId } = reading.kind === 'job' ? reading.job.name : reading.name;
  return { ...insertId, projectId };
}
