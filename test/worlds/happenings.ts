import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { publishGarbage } from './messages.ts';
import { jobOf } from './past.ts';
import type { Happening } from './plan.ts';
import { familyIn } from './true-family.ts';
import type { World } from './world.ts';

/** Lets one thing happen to a world when its time has come. */
export async function happenLater(happening: Happening, world: World): Promise<void> {
  const { clock, counts, trace, past, bigquery } = world;
  await clock.sleep(happening.atMs - clock.now());
  counts.add(`happening ${happening.kind}`);
  trace.add('world', () => JSON.stringify(happening));
  switch (happening.kind) {
    case 'ledger-lost':
      world.store.wipe(() => clock.now());
      past.loseLedger(clock.now());
      return;
    case 'ledger-out':
      world.ledgerOutUntilMs = clock.now() + happening.forMs;
      return;
    case 'clock-set':
      world.offsets[happening.slot] = happening.offsetMs;
      past.skews.push(happening.offsetMs);
      return;
    case 'lists': {
      const { stalenessMs, unreachable } = happening;
      world.listStalenessMs = stalenessMs;
      bigquery.simulator.setLists({ stalenessMs, unreachable });
      return;
    }
    case 'withheld':
      world.grants.withhold(happening.withheld);
      return;
    case 'ungranted':
      world.grants.ungrant(happening.ungranted, happening.forGood);
      return;
    case 'person-stops':
      await personStops(world, happening.forMs);
      return;
    case 'garbage':
      for (const verb of world.verbs) publishGarbage(world.pubsub, verb, world.random);
      return;
    case 'breakers-reset':
      await resetBreakers(world);
      return;
    case 'person-cancels':
      await personCancels(world);
      return;
    case 'person-deletes':
      await personDeletes(world);
  }
}

async function resetBreakers({ clock, store }: World): Promise<void> {
  const now = (): number => clock.now();
  const ledger = openLedger(store.as({ id: 'person', now }), { now });
  for (const { scope, trip } of await ledger.breakers()) if (trip) await ledger.resetBreaker(scope);
}

/** `bq-watchdog stop`, and `resume` after a while. */
async function personStops({ clock, store }: World, forMs: number): Promise<void> {
  const now = (): number => clock.now();
  const ledger = openLedger(store.as({ id: 'person', now }), { now });
  await ledger.stop({ atMs: now(), by: 'ann@example.com' });
  if (!Number.isFinite(forMs)) return;
  await clock.sleep(forMs);
  await ledger.resume();
}

async function personCancels({ bigquery: { simulator }, random }: World): Promise<void> {
  const running = simulator.allTruths().filter(({ state }) => state !== 'DONE');
  const job = running[random.int(0, running.length - 1)];
  if (!job) return;
  const path = `/bigquery/v2/projects/${job.projectId}/jobs/${job.jobId}/cancel?location=${job.location}`;
  await simulator.handle({ method: 'POST', path, headers: {} });
}

/** `bq rm -j`, past the watchdog: of a job that nobody needs to run again. */
async function personDeletes(world: World): Promise<void> {
  const {
    bigquery: { simulator },
    past,
    random,
  } = world;
  const done = simulator
    .allTruths()
    .filter(
      ({ state, errors, parentJobId }) =>
        state === 'DONE' && errors.length === 0 && parentJobId === undefined,
    );
  const job = done[random.int(0, done.length - 1)];
  if (!job) return;
  const family = familyIn(world.truths(), jobOf(job));
  for (const member of family ? [family.root, ...family.children] : [])
    past.purges.byPerson.add(jobOf(member));
  const path = `/bigquery/v2/projects/${job.projectId}/jobs/${job.jobId}/delete?location=${job.location}`;
  await simulator.handle({ method: 'DELETE', path, headers: {} });
}
