import * as z from 'zod';
import { ApiError, invalid } from './api-error.ts';
import { FaultSettings } from './fault-rules.ts';
import type { JsonRecord } from './json.ts';
import type { SimulatorRequest } from './request.ts';
import type { WriteRecord } from './state.ts';

/** What the control routes need of a simulator. */
interface Controlled {
  applyFaultSettings(settings: FaultSettings): void;
  readonly writes: readonly WriteRecord[];
}

/**
 * The routes that BigQuery does not have, for tests over HTTP: `PUT /simulator/faults` switches faults,
 * `GET /simulator/writes` tells what clients wrote. `undefined`: the path is none of them.
 */
export function controlAnswer(
  request: SimulatorRequest,
  url: URL,
  simulator: Controlled,
): JsonRecord | undefined {
  if (!url.pathname.startsWith('/simulator/')) return undefined;
  const route = `${request.method.toUpperCase()} ${url.pathname}`;
  if (route === 'GET /simulator/writes') return { writes: simulator.writes };
  if (route !== 'PUT /simulator/faults') {
    throw new ApiError({ code: 404, reason: 'notFound', message: `Not Found: ${route}` });
  }
  const settings = FaultSettings.safeParse(request.body ?? {});
  if (!settings.success) throw invalid(z.prettifyError(settings.error));
  simulator.applyFaultSettings(settings.data);
  return { rules: settings.data.rules?.length ?? 0 };
}
