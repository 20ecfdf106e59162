import type { JobsPage, JobsReader, ListQuery } from '../bigquery/jobs-client.ts';
import type { Span } from './ports.ts';

type Lister = Pick<JobsReader, 'list'>;

/** What somebody wants to see of a project's jobs. */
export interface Wanted {
  readonly projectId: string;
  /** Of jobs that were created from then on; those that were before are listed while they are pending or running. */
  readonly states: ListQuery['states'];
  /** By BigQuery's clock. Others may want older jobs: then those are listed, too. */
  readonly sinceMs: number;
  /** Is given each page; false: no more are wanted. */
  take(page: JobsPage): boolean;
}

/** A list that has not begun: whoever comes until then is given its pages. */
interface Batch {
  readonly wanted: Wanted[];
  readonly done: Promise<void>;
}

/** Lists of one kind: one at a time. */
interface Lane {
  /** Never fails. */
  current?: Promise<void>;
  next?: Batch;
}

/** Nobody has to wait for a list that goes further back than this beyond what they want. */
const WITHIN_MS = 600_000;

/** For each client and each span, and so among those whose calls have one deadline. */
const LANES = new WeakMap<Lister, WeakMap<Span, Map<string, Lane>>>();

/**
 * Has the jobs listed that were created since then, and those that run still, for all who want them in one span: one
 * list at a time, and who comes while one is under way shares the next one. So a list never begins before it is
 * wanted, and tells each what a list of their own would have told (docs/decisions/0029).
 *
 * @throws the errors of `bigquery/errors.ts`: one for all who share the list
 */
export function listTogether(wanted: Wanted, span: Span, jobs: Lister): Promise<void> {
  const lane = laneOf(wanted, span, jobs);
  if (lane.next) {
    lane.next.wanted.push(wanted);
    return lane.next.done;
  }
  const all = [wanted];
  if (!lane.current) return begin(lane, all, span, jobs);
  const done = lane.current.then(() => {
    delete lane.next;
    return begin(lane, all, span, jobs);
  });
  lane.next = { wanted: all, done };
  return done;
}

function begin(lane: Lane, all: readonly Wanted[], span: Span, jobs: Lister): Promise<void> {
  const listing = listFor(all, span, jobs);
  const over = listing
    .catch(() => undefined)
    .then(() => {
      if (lane.current === over) delete lane.current;
    });
  lane.current = over;
  return listing;
}

function laneOf({ projectId, states, sinceMs }: Wanted, span: Span, jobs: Lister): Lane {
  const ofClient = LANES.get(jobs) ?? new WeakMap<Span, Map<string, Lane>>();
  LANES.set(jobs, ofClient);
  const lanes = ofClient.get(span) ?? new Map<string, Lane>();
  ofClient.set(span, lanes);
  const key = [projectId, ...states, Math.floor(sinceMs / WITHIN_MS)].join('/');
  const lane = lanes.get(key) ?? {};
  lanes.set(key, lane);
  return lane;
}

/** What was created since then; and what was before and runs still, which may do the work yet. */
async function listFor(all: readonly Wanted[], span: Span, jobs: Lister): Promise<void> {
  const [first] = all;
  if (!first) return;
  const { projectId, states } = first;
  const sinceMs = Math.min(...all.map((wanted) => wanted.sinceMs));
  const queries: readonly ListQuery[] = [
    { projectId, states, minCreationTimeMs: sinceMs },
    { projectId, states: ['pending', 'running'], maxCreationTimeMs: sinceMs },
  ];
  let left = all;
  for (const query of queries) {
    for await (const page of jobs.list(query, span)) {
      left = left.filter(({ take }) => take(page));
      if (left.length === 0) return;
    }
  }
}
