import { http } from '@google-cloud/functions-framework';
import { machine } from './machine.ts';
import { pushEndpoint } from './push-endpoint.ts';
import { handleTick, openTick } from './tick-runtime.ts';

/** Asks for a sweep of every project. */
export async function register(): Promise<void> {
  const runtime = openTick(machine);
  http(
    'tick',
    pushEndpoint(runtime.log, runtime.settings.ownProject, (body, log) =>
      handleTick(body, { ...runtime, log }),
    ),
  );
}
