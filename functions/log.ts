import { pino } from 'pino';
import { JobsApiError } from '../shared/bigquery/errors.ts';
import { NoPolicyError } from '../shared/enforce/errors.ts';
import { PublishTimeoutError } from '../shared/enforce/outbox.ts';
import { BrokenEntryError, BrokenJobError } from '../shared/job/errors.ts';
import { ConflictError, LedgerUnavailableError, StaleClaimError } from '../shared/ledger/errors.ts';
import { BucketNameInvalid, OwnerFileAddressInvalid, OwnerFileError } from '../shared/owner-files/errors.ts';
import { HoldsFileError, PolicyFileError } from '../shared/policy/errors.ts';
import type { Clock } from '../shared/ports/clock.ts';
import type { Log, LogFields } from '../shared/ports/log.ts';
import { SettingsError } from './environment.ts';
import { RefusedMessageError } from './pubsub-message.ts';
import { NoSweepTopicError } from './sweep-messages.ts';

/** Errors whose messages are ours, and so surely hold no text of a job. */
const OURS = [
  JobsApiError,
  LedgerUnavailableError,
  StaleClaimError,
  ConflictError,
  BrokenEntryError,
  BrokenJobError,
  RefusedMessageError,
  OwnerFileAddressInvalid,
  BucketNameInvalid,
  OwnerFileError,
  PolicyFileError,
  HoldsFileError,
  NoPolicyError,
  SettingsError,
  NoSweepTopicError,
  PublishTimeoutError,
];

const LEVELS = { debug: 20, info: 30, notice: 35, warning: 40, error: 50, critical: 60 };

/**
 * Structured logs as Cloud Logging reads them from a line of JSON: `severity`, `message`, `time`, labels and
 * trace [Cloud Logging: structured logging, special fields].
 */
export function openLog(writeLine: (line: string) => void, clock: Pick<Clock, 'now'>, verb: string): Log {
  const logger = pino(
    {
      level: 'info',
      customLevels: LEVELS,
      useOnlyCustomLevels: true,
      base: null,
      messageKey: 'message',
      formatters: { level: (label) => ({ severity: label.toUpperCase() }) },
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      serializers: { error: describeError },
    },
    { write: writeLine },
  ).child({ 'logging.googleapis.com/labels': { verb } });
  return toLog(logger);
}

type Logger = Readonly<Record<keyof typeof LEVELS, (fields: LogFields, message: string) => void>> & {
  child(fields: LogFields): Logger;
};

function toLog(logger: Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    notice: (message, fields = {}) => logger.notice(fields, message),
    warning: (message, fields = {}) => logger.warning(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    critical: (message, fields = {}) => logger.critical(fields, message),
    with: (fields) => toLog(logger.child(fields)),
  };
}

/**
 * What may be told of an error. The message of one that is not ours may quote what it stumbled over (as
 * `JSON.parse` does), so only its name and where it was thrown are told.
 */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: typeof error };
  if (OURS.some((known) => error instanceof known)) return { name: error.name, message: error.message };
  return { name: error.name, stack: framesOf(error).join('\n') };
}

/**
 * Where it was thrown. Of the stack, what stands before and in the message is cut off first, for a line of a message
 * may look like a frame; where the message is not found, as when it was set anew, nothing can be told apart.
 */
function framesOf({ message, stack = '' }: Error): readonly string[] {
  const after = afterMessage(stack, message);
  return after.startsWith('\n') ? after.split('\n').filter((line) => /^\s+at /.test(line)) : [];
}

function afterMessage(stack: string, message: string): string {
  // Without a message the name stands alone in the first line.
  if (message === '') return stack.replace(/^\w+(?:: )?(?=\n)/, '');
  const at = stack.indexOf(message);
  return at === -1 ? '' : stack.slice(at + message.length);
}

/** Why a function does not start, for the person who reads its last lines. */
export function describeFatal(error: unknown): string {
  const { name, message, stack } = describeError(error);
  return String(message ?? `${name}\n${stack}`);
}
