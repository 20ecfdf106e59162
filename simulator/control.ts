import type * as z from 'zod';
import { AccessSettings } from './access.ts';
import { ApiError, invalid } from './api-error.ts';
import type { DeletedJob } from './deleted-job.ts';
import { FaultSettings } from './fault-rules.ts';
import type { JsonRecord } from './json.ts';
import { QuotaSettings } from './quotas.ts';
import type { SimulatorRequest } from './request.ts';
import type { WriteRecord } from './state.ts';

/** What the control routes need of a simulator. */
interface Controlled {
  applyFaultSettings(settings: FaultSettings): void;
  setWithheld(withheld: AccessSettings['withheld']): void;
  setMissingAccounts(emails: readonly string[]): void;
  setQuotas(quotas: QuotaSettings): void;
  readonly writes: readonly WriteRecord[];
  readonly deleted: readonly DeletedJob[];
}

/**
 * The routes that BigQuery does not have, for tests over HTTP: `PUT /simulator/faults`, `/simulator/access` and
 * `/simulator/quotas` switch faults, permissions and quotas, `GET /simulator/writes` tells what clients wrote,
 * `GET /simulator/deleted` what the jobs were whose metadata they deleted.
 * `undefined`: the path is none of them.
 */
export function controlAnswer(
  request: SimulatorRequest,
  url: URL,
  simulator: Controlled,
): JsonRecord | undefined {
  if (!url.pathname.startsWith('/simulator/')) return undefined;
  const route = `${request.method.toUpperCase()} ${url.pathname}`;
  switch (route) {
    case 'GET /simulator/writes':
      return { writes: simulator.writes };
    case 'GET /simulator/deleted':
      return { deleted: simulator.deleted };
    case 'PUT /simulator/faults': {
      const settings = parsed(FaultSettings, request.body);
      simulator.applyFaultSettings(settings);
      return { rules: settings.rules?.length ?? 0 };
    }
    case 'PUT /simulator/access': {
      const { withheld = [], missingAccounts = [] } = parsed(AccessSettings, request.body);
      simulator.setWithheld(withheld);
      simulator.setMissingAccounts(missingAccounts);
      return { withheld: withheld.length };
    }
    case 'PUT /simulator/quotas': {
      const quotas = parsed(QuotaSettings, request.body);
      simulator.setQuotas(quotas);
      return { ...quotas };
    }
    default:
      throw new ApiError({ code: 404, reason: 'notFound', message: `Not Found: ${route}` });
  }
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const settings = schema.safeParse(body ?? {});
  if (settings.success) return settings.data;
  const faults = settings.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw invalid(faults.join('; '));
}
