import type { JobError } from './job.ts';
import { Redacted, type RedactionOptions } from './redacted.ts';
import type { RawError } from './rest-job.schema.ts';
import { told } from './told.ts';

/** An ErrorProto of REST. What its message says that matters is read here, for the message itself stays wrapped. */
export function errorOfRest({ reason, message }: RawError, options: RedactionOptions): JobError {
  return told({
    reason,
    message: message === undefined ? undefined : new Redacted(message, options.redactionKey),
    stoppedBy: reason === 'stopped' ? stoppedBy(message) : undefined,
    about: reason === 'badRequest' && isAboutStreaming(message) ? 'streaming-buffer' : undefined,
  });
}

/** The two messages of `stopped` [bigquery-facts: Failures and retries]: "User requested cancellation", "Job timed out after N sec", either after a prefix. */
function stoppedBy(message: string | undefined): 'request' | 'job-timeout' {
  return message !== undefined && /\bJob timed out after\b/i.test(message) ? 'job-timeout' : 'request';
}

/** "UPDATE or DELETE statement over table … would affect rows in the streaming buffer, which is not supported" [doc: error-messages.md]. */
function isAboutStreaming(message: string | undefined): boolean {
  return message !== undefined && /\bwould affect rows in the streaming buffer\b/i.test(message);
}
