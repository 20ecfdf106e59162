import * as z from 'zod';
import type { SimulatorRequest, SimulatorResponse } from '../simulator/request.ts';

/** What of an answer or an entry names jobs; only the ids are read, for the day gives no id twice. */
const ListAnswer = z.object({ jobs: z.array(z.object({ jobReference: z.object({ jobId: z.string() }) })) });
const Entry = z.object({ protoPayload: z.object({ resourceName: z.string() }) });

interface Api {
  handle(request: SimulatorRequest): Promise<SimulatorResponse>;
}

/** Stands between the functions and the jobs API, and keeps count of what it is told and what it asks. */
export class Witness implements Api {
  readonly #api: Api;
  readonly #seen = new Set<string>();
  readonly #calls = new Map<string, number>();

  constructor(api: Api) {
    this.#api = api;
  }

  async handle(request: SimulatorRequest): Promise<SimulatorResponse> {
    const method = methodOf(request);
    this.#calls.set(method, (this.#calls.get(method) ?? 0) + 1);
    const response = await this.#api.handle(request);
    const list = ListAnswer.safeParse(response.body).data;
    for (const { jobReference } of list?.jobs ?? []) this.#seen.add(jobReference.jobId);
    return response;
  }

  /** An audit entry that is about to be published. */
  noteEntry(entry: unknown): void {
    const jobId = Entry.safeParse(entry).data?.protoPayload.resourceName.split('/').at(-1);
    if (jobId !== undefined) this.#seen.add(jobId);
  }

  hasSeen(jobId: string): boolean {
    return this.#seen.has(jobId);
  }

  /** How often each method was called, such as `jobs.list`. */
  get calls(): ReadonlyMap<string, number> {
    return this.#calls;
  }
}

function methodOf({ method, path }: SimulatorRequest): string {
  const [route = ''] = path.split('?');
  if (route.endsWith(':generateAccessToken')) return 'generateAccessToken';
  if (route.endsWith('/delete')) return 'jobs.delete';
  if (route.endsWith('/cancel')) return 'jobs.cancel';
  if (route.endsWith('/jobs')) return method === 'GET' ? 'jobs.list' : 'jobs.insert';
  return 'jobs.get';
}
