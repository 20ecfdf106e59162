import { serve } from '../../simulator/server.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { WallClock } from '../../simulator/wall-clock.ts';
import { seeded } from '../simulator/playground.ts';

/** How BigQuery fails, so many times: requests of that method and path are refused, and nothing is done. */
export interface Echo {
  readonly method: string;
  readonly path: RegExp;
  readonly status: number;
  readonly reason: string;
  times: number;
}

/**
 * A simulator over HTTP whose failures quote `text` wherever an error may hold some, as BigQuery's quote the query
 * [bigquery-facts: Failures and retries].
 */
export async function echoingBigquery(text: string) {
  const clock = new WallClock({ startMs: Date.now(), speed: 1, monotonicNow: () => performance.now() });
  const simulator = new Simulator({ clock, random: seeded(7) });
  const echoes: Echo[] = [];
  const api: Pick<Simulator, 'handle'> = {
    async handle(request) {
      const echo = echoes.find(
        ({ method, path, times }) => times > 0 && method === request.method && path.test(request.path),
      );
      if (echo === undefined) return simulator.handle(request);
      echo.times -= 1;
      const { status, reason } = echo;
      const errors = [{ domain: 'global', reason, message: text, location: text, debugInfo: text }];
      const body = {
        error: { code: status, message: text, status: text, errors, details: [{ detail: text }] },
      };
      return { status, headers: { date: new Date(clock.now()).toUTCString() }, body };
    },
  };
  const server = await serve({ simulator: api, clock, port: 0 });
  return {
    simulator,
    clock,
    server,
    fail: (...next: readonly Echo[]) => void echoes.splice(0, echoes.length, ...next),
  };
}

export type EchoingBigquery = Awaited<ReturnType<typeof echoingBigquery>>;
