import { http } from '@google-cloud/functions-framework';
import { machine } from './machine.ts';
import { purgeWork } from './purge-work.ts';
import { pushHandler } from './push.ts';
import { openRuntime } from './runtime.ts';

/** Deletes the metadata of sensitive jobs some time after their end. */
export async function register(): Promise<void> {
  http('purge', pushHandler(await openRuntime('purge', machine), purgeWork));
}
