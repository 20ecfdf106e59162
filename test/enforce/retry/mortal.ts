import type { JobsClient } from '../../../shared/bigquery/jobs-client.ts';
import type { EnforcePorts } from '../../../shared/enforce/ports.ts';
import type { HoldsInForce } from '../../../shared/enforce/purge-ports.ts';

/** When an instance dies: at its `nth` call to the world, before it was heard or before the answer came. */
export interface Death {
  readonly nth: number;
  readonly heard: boolean;
}

export interface Mortal {
  readonly through: <Ports extends EnforcePorts & { readonly holds?: HoldsInForce }>(ports: Ports) => Ports;
  /** Settles at the death. */
  readonly died: Promise<'died'>;
  /** How many calls there were, and the last one. */
  readonly calls: () => readonly string[];
}

/** An instance that dies: from some call on nothing that it asks is answered, or heard. */
export function mortal({ nth, heard }: Death): Mortal {
  const calls: string[] = [];
  const { promise: died, resolve: die } = Promise.withResolvers<'died'>();
  const never = (): Promise<never> => new Promise(() => undefined);
  const call = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    calls.push(name);
    if (calls.length < nth) return work();
    if (heard && calls.length === nth) await work().catch(() => undefined);
    die('died');
    return never();
  };
  const wrapped = <T extends object>(port: string, of: T): T =>
    new Proxy(of, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== 'function') return value;
        // It tells what was read before, without a call.
        if (key === 'isStopped') return value.bind(target);
        return (...args: unknown[]) => call(`${port}.${String(key)}`, async () => value.apply(target, args));
      },
    });
  return {
    through: (ports) => ({
      ...ports,
      jobs: mortalJobs(ports.jobs, call),
      ledger: wrapped('ledger', ports.ledger),
      policies: wrapped('policies', ports.policies),
      publisher: wrapped('publisher', ports.publisher),
      ...(ports.holds && { holds: wrapped('holds', ports.holds) }),
    }),
    died,
    calls: () => calls,
  };
}

type Call = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** A list is asked page by page. */
function mortalJobs(jobs: JobsClient, call: Call): JobsClient {
  return {
    get: (name, options) => call('jobs.get', () => jobs.get(name, options)),
    getWhole: (name, options) => call('jobs.getWhole', () => jobs.getWhole(name, options)),
    insert: (projectId, body, options) => call('jobs.insert', () => jobs.insert(projectId, body, options)),
    cancel: (name, options) => call('jobs.cancel', () => jobs.cancel(name, options)),
    delete: (name, options) => call('jobs.delete', () => jobs.delete(name, options)),
    list: async function* (query, options) {
      const pages = jobs.list(query, options)[Symbol.asyncIterator]();
      for (;;) {
        const { value, done } = await call('jobs.list', () => pages.next());
        if (done) return;
        yield value;
      }
    },
  };
}
