import { describe, expect, test } from 'vitest';
import { chainStateOf } from '../../../shared/enforce/chain-state.ts';
import { lookAtWhole } from '../../../shared/enforce/whole-look.ts';
import type { ChainState } from '../../../shared/judge/judge-purge.ts';
import type { HeldClaim } from '../../../shared/ledger/ledger.ts';
import { attemptId } from '../../../shared/retry/attempt-id.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import {
  end,
  HOUR_MS,
  LEASE_MS,
  MINUTE_MS,
  nameOf,
  openPurging,
  PERSON,
  type Purging,
  purgePolicy,
  SECOND_MS,
  START_MS,
} from './purging.ts';

const ETL = 'etl@my-project.iam.gserviceaccount.com';
const ERROR = { reason: 'backendError', message: 'no' };
const ENDED_MS = START_MS - SECOND_MS;
const DEADLINE_MS = ENDED_MS + 6 * HOUR_MS;
const LATE_MS = DEADLINE_MS + MINUTE_MS;
const ATTEMPT = attemptId(nameOf('job'), 1) ?? '';
/** One policy more, under which a chain goes on for 8 hours. */
const RETRYING = `
  - { name: again, match: { principals: ["${ETL}"] }, retry: { reasons: [backendError], deadline: 8h } }
`;

async function open(more: Partial<JobScript> = { error: ERROR }): Promise<Purging> {
  const purging = await openPurging({ policies: purgePolicy() + RETRYING });
  end(purging, { principal: ETL, ...more });
  return purging;
}

/** The attempt ran right after the job that it repeats. */
async function opened(more?: Partial<JobScript>): Promise<Purging> {
  const purging = await open(more);
  end(purging, { jobId: ATTEMPT, principal: ETL, createdAtMs: START_MS, runMs: SECOND_MS });
  await purging.clock.advanceTo(START_MS + MINUTE_MS);
  return purging;
}

async function stateOf({ clock, ports, span }: Purging, jobId = 'job', nowMs?: number): Promise<ChainState> {
  if (nowMs !== undefined) await clock.advanceTo(nowMs);
  return clock.run(
    (async () => {
      const look = await lookAtWhole(nameOf(jobId), span(), ports);
      if (!look) throw new Error('it is gone');
      return chainStateOf(look, clock.now(), await ports.policies.latest(), span(), ports);
    })(),
  );
}

/** A claim to an attempt of `job`. */
async function claimed({ ledger }: Purging, attempt = 1): Promise<HeldClaim> {
  const finding = {
    policy: 'again',
    degree: 'crossed',
    action: 'retry',
    mode: 'enforce',
    sentence: '',
  } as const;
  const job = nameOf('job');
  const retry = {
    attemptId: attemptId(job, attempt) ?? '',
    principal: ETL,
    reason: 'backendError',
    rootEndedAtMs: ENDED_MS,
    failedAtMs: ENDED_MS,
    deadlineAtMs: DEADLINE_MS,
    configurationHash: 'a hash',
    createdAtMs: START_MS,
  };
  const about = { job, verb: 'retry', attempt, policy: 'again', finding, holder: 'there' } as const;
  await ledger.schedule({ ...about, retry, dueAtMs: START_MS }, []);
  const answer = await ledger.win({ ...about, leaseMs: LEASE_MS });
  if (answer.kind !== 'won') throw new Error('it was not won');
  return answer.held;
}

describe('of a job that nothing repeats', () => {
  test.each([
    ['it has failed, and no retry is claimed', { error: ERROR }],
    ['it has succeeded', {}],
  ])('there is no chain: %s', async (_, more) => {
    expect(await stateOf(await open(more))).toEqual({ kind: 'none' });
  });

  test('nor where its first retry was not wanted after all', async () => {
    const purging = await open();
    await purging.ledger.advance(await claimed(purging), { state: 'void', outcome: 'x' }, []);
    expect(await stateOf(purging)).toEqual({ kind: 'none' });
  });
});

describe('of the job that a chain began with', () => {
  test('it is under way until its deadline, and from then on nothing is known of it', async () => {
    const purging = await open();
    await claimed(purging);
    const underWay = { kind: 'under-way', untilMs: DEADLINE_MS };
    expect(await stateOf(purging)).toEqual(underWay);
    expect(await stateOf(purging, 'job', DEADLINE_MS - 1)).toEqual(underWay);
    expect(await stateOf(purging, 'job', DEADLINE_MS)).toEqual({ kind: 'none' });
  });

  test('it is over when its last attempt has ended', async () => {
    const purging = await open();
    await purging.ledger.advance(await claimed(purging), { state: 'ended', outcome: 'failed' }, []);
    const second = await claimed(purging, 2);
    expect(await stateOf(purging)).toEqual({ kind: 'under-way', untilMs: DEADLINE_MS });
    await purging.ledger.advance(second, { state: 'ended', outcome: 'recovered' }, []);
    expect(await stateOf(purging)).toEqual({ kind: 'over' });
  });
});

describe('of an attempt', () => {
  test('the job that it repeats goes first, until the deadline of the claim', async () => {
    const purging = await opened();
    await claimed(purging);
    const stands = { kind: 'origin-stands', untilMs: DEADLINE_MS };
    expect(await stateOf(purging, ATTEMPT)).toEqual(stands);
    expect(await stateOf(purging, ATTEMPT, DEADLINE_MS - 1)).toEqual(stands);
    expect(await stateOf(purging, ATTEMPT, DEADLINE_MS)).toEqual({ kind: 'over' });
  });

  test('it is over once that job is gone', async () => {
    const purging = await opened();
    await claimed(purging);
    await purging.clock.run(purging.ports.jobs.delete(nameOf('job'), purging.span()));
    expect(await stateOf(purging, ATTEMPT)).toEqual({ kind: 'over' });
  });

  test('that job goes first for as long as it is to be purged itself', async () => {
    const purging = await opened();
    await claimed(purging);
    const finding = {
      policy: 'secrets',
      degree: 'crossed',
      action: 'purge',
      mode: 'enforce',
      sentence: '',
    } as const;
    const dueAtMs = LATE_MS + HOUR_MS;
    const about = { job: nameOf('job'), verb: 'purge', attempt: 1, policy: 'secrets', holder: 'x' } as const;
    await purging.ledger.schedule(
      {
        ...about,
        finding,
        purge: { principal: PERSON, endedAtMs: ENDED_MS, dueAtMs, by: 'live', found: [] },
        dueAtMs,
      },
      [],
    );
    expect(await stateOf(purging, ATTEMPT, LATE_MS)).toEqual({ kind: 'origin-stands', untilMs: dueAtMs });
    const later = dueAtMs + HOUR_MS;
    expect(await stateOf(purging, ATTEMPT, later)).toEqual({
      kind: 'origin-stands',
      untilMs: later + MINUTE_MS,
    });
  });

  test('where the ledger was lost, the longest deadline of the policies says', async () => {
    const purging = await opened();
    expect(await stateOf(purging, ATTEMPT)).toEqual({
      kind: 'origin-stands',
      untilMs: ENDED_MS + 8 * HOUR_MS,
    });
  });

  test('by its name alone it is none', async () => {
    const purging = await opened({ error: ERROR, principal: 'other@my-project.iam.gserviceaccount.com' });
    expect(await stateOf(purging, ATTEMPT)).toEqual({ kind: 'none' });
  });
});
