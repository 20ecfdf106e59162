import * as z from 'zod';
import type { Fault } from '../../simulator/faults.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import type { Counts } from './counts.ts';
import type { WorldClock } from './port-gate.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** What a page of a list showed. */
export interface ListedPage {
  readonly jobs: number;
  readonly unreachable: readonly string[];
  readonly isLast: boolean;
  /** Present on the first page of a list: from which creation time on it was asked for, if from any. */
  readonly begins?: { readonly createdUpToMs?: number };
}

export interface BigQueryParts {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly onLook: (instance: string, truth: JobTruth) => void;
  readonly onCancel: (instance: string, truth: JobTruth) => void;
  /** What it returns is called when the page has come to whoever asked for it. */
  readonly onListed: (projectId: string, page: ListedPage) => () => void;
}

export interface Answered {
  readonly response: SimulatorResponse;
  /** To be called once it has come to whoever asked; of what nobody waits for any more, nobody knows. */
  arrived(): void;
}

const JOB_PATH = /\/projects\/([^/]+)\/jobs(?:\/([^/?]+)(\/cancel)?)?(?:\?|$)/;

/** The simulator, with its faults in the hand of the world, and what is true told at each look and cancel. */
export class BigQuery {
  readonly simulator: Simulator;
  readonly #parts: BigQueryParts;
  #fault: Fault | undefined;

  constructor(parts: BigQueryParts) {
    this.#parts = parts;
    this.simulator = new Simulator({
      clock: parts.clock,
      random: parts.random.next,
      faults: () => this.#fault,
    });
  }

  /** The simulator does its work at once, so what is true before is what the request met. */
  async answer(instance: string, request: SimulatorRequest, fault: Fault | undefined): Promise<Answered> {
    const { counts, trace, onLook, onCancel, onListed } = this.#parts;
    const [, project = '', jobId = '', cancel] = JOB_PATH.exec(request.path) ?? [];
    const method = cancel ? 'cancel' : jobId === '' ? 'list' : 'get';
    if (fault) counts.add(`${method} ${fault.kind}`);
    const name = {
      projectId: decodeURIComponent(project),
      jobId: decodeURIComponent(jobId),
      ...locationIn(request.path),
    };
    const truth = method === 'list' ? undefined : this.simulator.truth(name);
    const before = this.simulator.writes.length;
    this.#fault = fault;
    const response = this.simulator.handle(request);
    this.#fault = undefined;
    trace.add(instance, () => {
      const what =
        method === 'list' ? `jobs of ${name.projectId}` : `${name.projectId}:${name.location}.${name.jobId}`;
      return `${method} ${what}${fault ? `, and meets ${fault.kind}` : ''}${truth ? `; it is ${truth.state}` : ''}`;
    });
    const write = this.simulator.writes[before];
    if (truth && write && write.refused === undefined) onCancel(instance, truth);
    const answered = { response: await response, arrived: () => undefined };
    if (fault) return answered;
    const { status } = answered.response;
    if (status !== 200) counts.add(`${method} refused, ${reasonIn(answered.response)}`);
    else if (truth && method === 'get') onLook(instance, truth);
    else if (method === 'list')
      return { ...answered, arrived: onListed(name.projectId, pageIn(answered.response, request.path)) };
    return answered;
  }
}

function locationIn(path: string): { location?: string } {
  const location = new URL(path, 'http://simulator.invalid').searchParams.get('location');
  return location === null ? {} : { location };
}

function pageIn({ body }: SimulatorResponse, path: string): ListedPage {
  const { jobs = [], unreachable = [], nextPageToken } = Page.parse(body);
  const { searchParams } = new URL(path, 'http://simulator.invalid');
  const createdUpTo = searchParams.get('maxCreationTime');
  const begins = createdUpTo === null ? {} : { createdUpToMs: Number(createdUpTo) };
  return {
    jobs: jobs.length,
    unreachable,
    isLast: nextPageToken === undefined,
    ...(!searchParams.has('pageToken') && { begins }),
  };
}

function reasonIn({ body }: SimulatorResponse): string {
  return Refusal.safeParse(body).data?.error.errors[0]?.reason ?? 'without a reason';
}

const Page = z.object({
  jobs: z.array(z.unknown()).optional(),
  unreachable: z.array(z.string()).optional(),
  nextPageToken: z.string().optional(),
});

const Refusal = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) });
