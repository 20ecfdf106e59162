import type { Fault } from '../../simulator/faults.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import type { Counts } from './counts.ts';
import type { WorldClock } from './port-gate.ts';
import type { Random } from './random.ts';
import type { Trace } from './trace.ts';

export interface BigQueryParts {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly trace: Trace;
  readonly counts: Counts;
  readonly onLook: (instance: string, truth: JobTruth) => void;
  readonly onCancel: (instance: string, truth: JobTruth) => void;
  readonly onListed: (jobs: number, projectId: string) => void;
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
  async answer(
    instance: string,
    request: SimulatorRequest,
    fault: Fault | undefined,
  ): Promise<SimulatorResponse> {
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
    if (truth && method === 'get' && !fault) onLook(instance, truth);
    if (truth && this.simulator.writes.length > before) onCancel(instance, truth);
    if (method === 'list' && !fault) return told(response, (jobs) => onListed(jobs, name.projectId));
    return response;
  }
}

function locationIn(path: string): { location?: string } {
  const location = new URL(path, 'http://simulator.invalid').searchParams.get('location');
  return location === null ? {} : { location };
}

async function told(
  response: Promise<SimulatorResponse>,
  onListed: (jobs: number) => void,
): Promise<SimulatorResponse> {
  const answer = await response;
  const { body } = answer;
  const jobs = typeof body === 'object' && body !== null && 'jobs' in body ? body.jobs : undefined;
  onListed(Array.isArray(jobs) ? jobs.length : 0);
  return answer;
}
