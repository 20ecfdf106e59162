import {
  DeadlineError,
  JobsApiError,
  NotFoundError,
  UnauthenticatedError,
  UnavailableError,
} from '../shared/bigquery/errors.ts';
import { JobNameError } from '../shared/job/errors.ts';
import { LedgerUnavailableError, StaleClaimError } from '../shared/ledger/errors.ts';
import { BucketNameInvalid, OwnerFileAddressInvalid, OwnerFileError } from '../shared/owner-files/errors.ts';
import { HoldsFileError, PolicyFileError, RefusedFileError } from '../shared/policy/errors.ts';
import { HoldsNotEditableError } from '../shared/policy/holds/edit-holds.ts';
import { type ExitCode, FINDINGS, USAGE } from './terminal.ts';

/** The command was called in a way that it cannot understand. Its message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A breaker was to be reset that is not open. */
export class NotOpenError extends Error {
  override readonly name = 'NotOpenError';
  readonly policy: string;

  constructor(policy: string, open: readonly string[], nearest: string | undefined) {
    const meant = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    super(
      open.length === 0
        ? `no breaker is open, so none of policy "${policy}" was reset`
        : `no breaker of policy "${policy}" is open, so nothing was reset; open are those of ${open.join(', ')}${meant}`,
    );
    this.policy = policy;
  }
}

/** A hold is to be added under an id that is taken, or taken out under one that is none. */
export class HoldIdError extends Error {
  override readonly name = 'HoldIdError';
  readonly id: string;

  constructor(id: string, fault: string) {
    super(`hold "${id}": ${fault}`);
    this.id = id;
  }
}

/** A file of holds would be refused with what was to be written into it. It was not written. */
export class HoldRefusedError extends Error {
  override readonly name = 'HoldRefusedError';
  readonly report: string;

  constructor(report: string) {
    super(`nothing was written, for the file would be refused with it:\n${report}`);
    this.report = report;
  }
}

/** What BigQuery tells cannot be judged, for nobody knows when it was so. */
export class NoTimeError extends Error {
  override readonly name = 'NoTimeError';

  constructor() {
    super("this machine's clock and BigQuery's differ by more than 30 s, or BigQuery told no time");
  }
}

/** A file of log entries that cannot be read as such. */
export class EntriesFileError extends Error {
  override readonly name = 'EntriesFileError';
  readonly path: string;
  readonly fault: string;

  constructor(path: string, fault: string) {
    super(`entries file ${path}: ${fault}`);
    this.path = path;
    this.fault = fault;
  }
}

/** Cloud Logging did not give the audit entries. What it answered is told by its status alone. */
export class AuditEntriesError extends Error {
  override readonly name = 'AuditEntriesError';
  readonly projectId: string;
  readonly status: number | undefined;

  constructor(projectId: string, status: number | undefined) {
    super(
      `audit entries of ${projectId} could not be read: ${REMEDIES[status ?? 0] ?? `Cloud Logging answered ${status}; try again later`}`,
    );
    this.projectId = projectId;
    this.status = status;
  }
}

/** By HTTP status; 0: there was no answer. */
const REMEDIES: Readonly<Record<number, string>> = {
  0: 'there are no credentials or no connection; run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS',
  401: 'the credentials are not accepted; run "gcloud auth application-default login"',
  403: 'not permitted; grant roles/logging.privateLogViewer on the project, which data access logs take',
  404: 'there is no such project; check the project id',
};

/** Mistakes of who called the command. */
const USAGE_ERRORS = [UsageError, OwnerFileAddressInvalid, BucketNameInvalid, JobNameError];

/** Failures that are no fault of ours. */
const FAILURES = [
  NotOpenError,
  LedgerUnavailableError,
  StaleClaimError,
  OwnerFileError,
  RefusedFileError,
  HoldIdError,
  HoldRefusedError,
  HoldsNotEditableError,
  EntriesFileError,
  AuditEntriesError,
  JobsApiError,
];

/** The exit code of an error whose message tells all that a person needs; undefined for one nobody foresaw. */
export function exitCodeOf(error: Error): ExitCode | undefined {
  if (USAGE_ERRORS.some((kind) => error instanceof kind)) return USAGE;
  return FAILURES.some((kind) => error instanceof kind) ? FINDINGS : undefined;
}

/** What a person can do about an error whose message was written for the log of a function. */
export function adviceOf(error: Error): string | undefined {
  if (error instanceof NotFoundError) {
    return error.method === 'list'
      ? 'check the project id; gcloud projects list shows yours'
      : 'check project and job id, and name the location (--location, or PROJECT:LOCATION.JOB_ID): without one BigQuery looks in US and EU only';
  }
  if (error instanceof UnauthenticatedError) {
    return 'run gcloud auth application-default login, or set GOOGLE_APPLICATION_CREDENTIALS';
  }
  if (error instanceof UnavailableError || error instanceof DeadlineError) {
    return 'check the connection, and the address of --endpoint or WATCHDOG_BIGQUERY_ENDPOINT if you gave one, or try again later';
  }
  if (error instanceof PolicyFileError) return 'bq-watchdog check FILE tells every fault';
  return error instanceof HoldsFileError ? 'bq-watchdog check --holds FILE tells every fault' : undefined;
}
