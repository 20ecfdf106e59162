import { describe, expect, it } from 'vitest';
import { createJobsClient } from '../../shared/bigquery/backing-off-client.ts';
import { CallBudget } from '../../shared/bigquery/budget.ts';
import { childrenOf, MOST_CHILDREN } from '../../shared/bigquery/children-of.ts';
import type { RawLook } from '../../shared/bigquery/jobs-client.ts';
import { jsonAt } from '../../shared/retry/json.ts';
import type { SimulatorRequest, SimulatorResponse } from '../../simulator/request.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { simulatedJobsApi } from '../simulated-jobs-api.ts';
import { googleError, jsonAnswer } from './google-error.ts';

const PARENT = { projectId: 'my-project', location: 'EU', jobId: 'script' };
const OPTIONS = { deadlineAtMs: 3_600_000 };

function clientOn(clock: VirtualClock, handle: (request: SimulatorRequest) => Promise<SimulatorResponse>) {
  const budget = new CallBudget(clock);
  return createJobsClient({ api: simulatedJobsApi(handle), clock, random: () => 0, budget, pageSize: 2 });
}

const idsOf = (looks: readonly RawLook[]) => looks.map(({ job }) => job.name.jobId).toSorted();

/** A server that lists `children` of each parent and gives each of them, but those of `gone`. */
function family(
  children: Readonly<Record<string, readonly string[]>>,
  { gone = [], more = {} }: { gone?: readonly string[]; more?: object } = {},
) {
  const asked: string[] = [];
  const inFlight = { now: 0, most: 0 };
  const clock = new VirtualClock(0);
  const handle = async ({ path }: SimulatorRequest): Promise<SimulatorResponse> => {
    const url = new URL(path, 'http://server.invalid');
    const parent = url.searchParams.get('parentJobId');
    if (parent !== null) {
      const jobs = (children[parent] ?? []).map((jobId) => resourceOf(jobId, children));
      return jsonAnswer(200, { jobs, ...more });
    }
    const jobId = url.pathname.split('/').at(-1) ?? '';
    asked.push(jobId);
    inFlight.most = Math.max(inFlight.most, ++inFlight.now);
    await clock.sleep(100);
    inFlight.now--;
    return gone.includes(jobId) ? googleError(404, 'notFound') : jsonAnswer(200, resourceOf(jobId, children));
  };
  return { look: () => clock.run(childrenOf(PARENT, clientOn(clock, handle), OPTIONS)), asked, inFlight };
}

function resourceOf(id: string, children: Readonly<Record<string, readonly string[]>>) {
  const [location = '', jobId = ''] = id.includes('.') ? id.split('.') : ['EU', id];
  const count = children[jobId]?.length;
  return {
    jobReference: { projectId: 'my-project', location, jobId },
    state: 'DONE',
    status: { state: 'DONE' },
    statistics: { creationTime: '1', ...(count !== undefined && { numChildJobs: String(count) }) },
  };
}

describe('the children of a job', () => {
  it('come from all pages of the list, each whole, and those of another job do not', async () => {
    const clock = new VirtualClock(1_000_000);
    const simulator = new Simulator({ clock, random: () => 0.5 });
    const children = [1, 2, 3, 4, 5].map((number) => ({ query: `SELECT ${number}`, runMs: 10 }));
    simulator.start({ ...PARENT, createdAtMs: 0, children });
    simulator.start({ ...PARENT, jobId: 'other', createdAtMs: 0, children: [{ query: 'SELECT 6' }] });
    const client = clientOn(clock, (request) => simulator.handle(request));
    const looks = await clock.run(childrenOf(PARENT, client, OPTIONS));
    const texts = looks.map(({ resource }) => jsonAt(resource.take(), 'configuration', 'query', 'query'));
    expect(texts.toSorted()).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3', 'SELECT 4', 'SELECT 5']);
  });

  it('are none of a job that has none', async () => {
    expect(await family({}).look()).toEqual([]);
  });

  it('are also theirs, each once, however they refer to each other', async () => {
    const { look, asked } = family({ script: ['a', 'call'], call: ['b', 'call'], b: ['script', 'c'] });
    expect(idsOf(await look())).toEqual(['a', 'b', 'c', 'call']);
    expect(asked.toSorted()).toEqual(['a', 'b', 'c', 'call']);
  });

  it('are those that are still there', async () => {
    expect(idsOf(await family({ script: ['a', 'b', 'c'] }, { gone: ['b'] }).look())).toEqual(['a', 'c']);
  });

  it('live where their parent does', async () => {
    const { look, asked } = family({ script: ['eu.a', 'US.b'] });
    expect(idsOf(await look())).toEqual(['a']);
    expect(asked).toEqual(['a']);
  });

  it('are got a few at a time', async () => {
    const { look, inFlight } = family({ script: Array.from({ length: 30 }, (_, index) => `child_${index}`) });
    expect(await look()).toHaveLength(30);
    expect(inFlight.most).toBe(8);
  });

  it.each([
    ['its location did not answer', { unreachable: ['eu'] }, 'the location of the children did not answer'],
    ['nobody knows which location did not answer', { unreachable: ['?!'] }, 'did not answer'],
    ['one of the list cannot be read', { jobs: [{ kind: 'bigquery#job' }] }, 'cannot be read'],
  ])('are not known when %s', async (_, more, because) => {
    await expect(family({ script: ['a'] }, { more }).look()).rejects.toMatchObject({
      name: 'UnavailableError',
      fault: 'transient',
      because: expect.stringContaining(because),
    });
  });

  it('are known when another location did not answer', async () => {
    expect(idsOf(await family({ script: ['a'] }, { more: { unreachable: ['US'] } }).look())).toEqual(['a']);
  });

  it('are not known when one cannot be got', async () => {
    const clock = new VirtualClock(0);
    const client = clientOn(clock, async ({ path }) =>
      path.includes('parentJobId')
        ? jsonAnswer(200, { jobs: [resourceOf('a', {})] })
        : googleError(403, 'accessDenied'),
    );
    await expect(clock.run(childrenOf(PARENT, client, OPTIONS))).rejects.toMatchObject({
      name: 'ForbiddenError',
      permission: 'bigquery.jobs.get',
    });
  });

  it('are counted, those of children too, before any of a family that is too large is got', async () => {
    const ids = (count: number, of: string) => Array.from({ length: count }, (_, index) => `${of}_${index}`);
    const most = family({ script: ids(MOST_CHILDREN, 'a') });
    expect(await most.look()).toHaveLength(MOST_CHILDREN);
    const tooMany = family({ script: ids(MOST_CHILDREN + 1, 'a') });
    await expect(tooMany.look()).rejects.toMatchObject({ name: 'TooManyChildrenError', most: MOST_CHILDREN });
    await expect(tooMany.look()).rejects.toThrow(
      'jobs.list of my-project:EU.script: it has more than 5000 children',
    );
    expect(tooMany.asked).toEqual([]);
    const below = family({ script: ['call'], call: ids(MOST_CHILDREN, 'a') });
    await expect(below.look()).rejects.toMatchObject({ name: 'TooManyChildrenError' });
    expect(below.asked).toEqual(['call']);
  });
});
