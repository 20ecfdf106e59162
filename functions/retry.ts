import { http } from '@google-cloud/functions-framework';
import { machine } from './machine.ts';
import { pushHandler } from './push.ts';
import { retryWork } from './retry-work.ts';
import { openRuntime } from './runtime.ts';

/** Runs failed jobs again whose failure passes by itself. */
export async function register(): Promise<void> {
  http('retry', pushHandler(await openRuntime('retry', machine), retryWork));
}
