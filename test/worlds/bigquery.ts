import * as z from 'zod';
import type { Fault } from '../../simulator/faults.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { InsertedJob, InsertedLife, WriteRecord } from '../../simulator/state.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { type CalledMethod, methodOf, namedIn } from './called-method.ts';
import type { Counts } from './counts.ts';
import type { WorldClock } from './port-gate.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

/** What a page of a list was asked for, and showed. */
export interface ListedPage {
  readonly jobs: number;
  /** By their names. */
  readonly shown: readonly string[];
  /** In which states; none: in any. */
  readonly states: readonly string[];
  readonly createdFromMs?: number;
  readonly createdUpToMs?: number;
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
  readonly onInsert: (instance: string, location: string, write: WriteRecord) => void;
  /** @param truths all jobs as they were just before */
  readonly onDelete: (instance: string, write: WriteRecord, truths: readonly JobTruth[]) => void;
  /** What it returns is called when the page has come to whoever asked for it. */
  readonly onListed: (instance: string, projectId: string, page: ListedPage) => () => void;
  /** The lives of jobs that are inserted. */
  readonly lifeOfInserted: (job: InsertedJob) => InsertedLife | undefined;
}

export interface Answered {
  readonly response: SimulatorResponse;
  /** To be called once it has come to whoever asked; of what nobody waits for any more, nobody knows. */
  arrived(): void;
}

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
      lifeOfInserted: parts.lifeOfInserted,
    });
  }

  /** The simulator does its work at once, so what is true before is what the request met. */
  async answer(instance: string, request: SimulatorRequest, fault: Fault | undefined): Promise<Answered> {
    const { counts, trace, onLook, onCancel, onInsert, onDelete, onListed } = this.#parts;
    const method = methodOf(request);
    if (fault) counts.add(`${method} ${fault.kind}`);
    const name = namedIn(request.path);
    const truth = name.jobId === '' ? undefined : this.truthOf(name);
    const truths = method === 'delete' ? this.simulator.allTruths() : [];
    const before = this.simulator.writes.length;
    this.#fault = fault;
    const response = this.simulator.handle(request);
    this.#fault = undefined;
    const write = this.simulator.writes[before];
    trace.add(instance, () => {
      const met = `${fault ? `, and meets ${fault.kind}` : ''}${truth ? `; it is ${truth.state}` : ''}`;
      return `${method} ${whatOf(method, request, write)}${met}`;
    });
    if (write?.method === 'insert') onInsert(instance, locationIn(request), write);
    else if (write?.method === 'delete') onDelete(instance, write, truths);
    else if (truth && write && write.refused === undefined) onCancel(instance, truth);
    const answered = { response: await response, arrived: () => undefined };
    if (fault) return answered;
    const { status } = answered.response;
    if (status !== 200 && status !== 204) counts.add(`${method} refused, ${reasonIn(answered.response)}`);
    else if (truth && method === 'get') onLook(instance, truth);
    else if (method === 'list') {
      const page = pageIn(answered.response, request.path);
      return { ...answered, arrived: onListed(instance, name.projectId, page) };
    }
    return answered;
  }

  /** Also of a job whose metadata was deleted: as it was just before. */
  truthOf(name: Pick<WriteRecord['job'], 'projectId' | 'location' | 'jobId'>): JobTruth | undefined {
    const { projectId, location, jobId } = name;
    return (
      this.simulator.truth(name) ??
      this.simulator.deleted.findLast(
        ({ truth }) =>
          truth.jobId === jobId &&
          truth.projectId === projectId &&
          (location === undefined || truth.location.toLowerCase() === location.toLowerCase()),
      )?.truth
    );
  }
}

/** Where a job is to be inserted; a write that was refused does not tell. */
function locationIn({ body }: SimulatorRequest): string {
  return NewJob.safeParse(body).data?.jobReference.location ?? 'US';
}

const NewJob = z.object({ jobReference: z.object({ location: z.string() }) });

function whatOf(method: CalledMethod, { path }: SimulatorRequest, write: WriteRecord | undefined): string {
  const { projectId, location, jobId } = namedIn(path);
  if (method === 'list') return `jobs of ${projectId}`;
  if (method === 'token') return path;
  if (method !== 'insert') return `${projectId}:${location}.${jobId}`;
  return `${write?.job.jobId ?? 'nothing'} into ${projectId}${write?.refused === undefined ? '' : `, refused: ${write.refused}`}`;
}

function pageIn({ body }: SimulatorResponse, path: string): ListedPage {
  const { jobs = [], unreachable = [], nextPageToken } = Page.parse(body);
  const { searchParams } = new URL(path, 'http://simulator.invalid');
  const createdFrom = searchParams.get('minCreationTime');
  const createdUpTo = searchParams.get('maxCreationTime');
  const begins = createdUpTo === null ? {} : { createdUpToMs: Number(createdUpTo) };
  return {
    jobs: jobs.length,
    shown: jobs.map(({ id }) => id),
    states: searchParams.getAll('stateFilter'),
    ...(createdFrom !== null && { createdFromMs: Number(createdFrom) }),
    ...begins,
    unreachable,
    isLast: nextPageToken === undefined,
    ...(!searchParams.has('pageToken') && { begins }),
  };
}

function reasonIn({ body }: SimulatorResponse): string {
  return Refusal.safeParse(body).data?.error.errors[0]?.reason ?? 'without a reason';
}

const Page = z.object({
  /** `project:location.id` */
  jobs: z.array(z.object({ id: z.string() })).optional(),
  unreachable: z.array(z.string()).optional(),
  nextPageToken: z.string().optional(),
});

const Refusal = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) });
