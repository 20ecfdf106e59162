import { http } from '@google-cloud/functions-framework';
import { cancelWork } from './cancel-work.ts';
import { machine } from './machine.ts';
import { pushHandler } from './push.ts';
import { openRuntime } from './runtime.ts';

/** Cancels running jobs that break a policy's limit. */
export async function register(): Promise<void> {
  http('cancel', pushHandler(await openRuntime('cancel', machine), cancelWork));
}
