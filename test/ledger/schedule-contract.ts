import { describe, expect, it } from 'vitest';
import { StaleClaimError } from '../../shared/ledger/errors.ts';
import type { DueRequest, RetryDetails } from '../../shared/ledger/ledger.ts';
import { alert, DAY_MS, HOUR_MS, JOB, LEASE_MS, MINUTE_MS, openWorld, race } from './ledger-examples.ts';
import type { ManualClock } from './manual-clock.ts';
import type { OpenStore } from './open-store.ts';

function dueRequest(clock: ManualClock, dueInMs: number, changes: Partial<DueRequest> = {}): DueRequest {
  const attempt = changes.attempt ?? 1;
  const nowMs = clock.now();
  const retry: RetryDetails = {
    attemptId: `job_1_wdr${attempt}_0`,
    principal: 'etl@shop.iam.gserviceaccount.com',
    reason: 'backendError',
    rootEndedAtMs: nowMs,
    failedAtMs: nowMs,
    deadlineAtMs: nowMs + DAY_MS,
  };
  const finding = {
    policy: 'again',
    degree: 'crossed',
    action: 'retry',
    mode: 'enforce',
    sentence: 'failed',
  } as const;
  const act = { job: JOB, verb: 'retry', attempt, policy: 'again', finding, holder: 'instance-a' } as const;
  return { ...act, retry, dueAtMs: nowMs + dueInMs, ...changes };
}

/** Acts that are due later. */
export function describeSchedule(open: OpenStore): void {
  describe('scheduling an act', () => {
    it('is done by one of 20 racers, with its alert, and everybody can take it when it is due', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const answers = await race(20, (racer) =>
        (racer % 2 ? ledger : other).schedule(dueRequest(clock, 5 * HOUR_MS + racer), [
          alert(`row-${racer}`),
        ]),
      );
      const made = answers.filter(({ kind }) => kind === 'scheduled');
      expect(made).toHaveLength(1);
      const { claim } = made[0] ?? answers[0] ?? { claim: undefined };
      expect((await ledger.claim(JOB, 'retry', 1))?.claim).toStrictEqual(claim);
      expect(claim).toMatchObject({ state: 'claimed', leaseUntilMs: clock.now(), askedAtMs: [] });
      const dueAtMs = claim?.lookAtMs ?? 0;
      expect((await ledger.dueClaims('retry', 'shop', dueAtMs - 1, 9)).claims).toEqual([]);
      expect((await ledger.dueClaims('retry', 'shop', dueAtMs, 9)).claims).toStrictEqual([claim]);
      expect((await ledger.dueClaims('cancel', 'shop', dueAtMs, 9)).claims).toEqual([]);
      expect((await ledger.recentClaims(0, 9)).map(({ key }) => key)).toEqual([claim?.key]);
    });

    it('ends the claim before it in the same commit, or does nothing when that was taken over', async () => {
      const { clock, ledger, other } = await openWorld(open);
      await ledger.schedule(dueRequest(clock, 0), []);
      const taken = { ...dueRequest(clock, 0), leaseMs: LEASE_MS };
      const first = await ledger.win({ ...taken, holder: 'instance-a' });
      if (first.kind !== 'won') throw new Error('not won');
      const change = { state: 'ended', outcome: 'failed-again' } as const;
      clock.advance(LEASE_MS);
      const second = await other.win({ ...taken, holder: 'instance-b' });
      if (second.kind !== 'won') throw new Error('not won');
      const next = dueRequest(clock, MINUTE_MS, { attempt: 2 });
      const stale = ledger.schedule(next, [alert('late')], { held: first.held, change });
      await expect(stale).rejects.toThrow(StaleClaimError);
      expect(await ledger.claim(JOB, 'retry', 2)).toBeUndefined();
      expect(await ledger.hasAlert('late')).toBe(false);
      await other.schedule(next, [alert('in time')], { held: second.held, change });
      expect((await ledger.claim(JOB, 'retry', 1))?.claim).toMatchObject({
        ...change,
        endedAtMs: clock.now(),
        retry: { reason: 'backendError' },
      });
      expect((await ledger.claim(JOB, 'retry', 2))?.claim.state).toBe('claimed');
      expect(await ledger.hasAlert('in time')).toBe(true);
    });

    it('leaves a claim that stands as it is, ends the one before it all the same, and starts a void one anew', async () => {
      const { clock, ledger } = await openWorld(open);
      const standing = await ledger.schedule(dueRequest(clock, MINUTE_MS, { attempt: 2 }), []);
      await ledger.schedule(dueRequest(clock, 0), []);
      const held = await ledger.claim(JOB, 'retry', 1);
      if (held === undefined) throw new Error('no claim');
      const again = await ledger.schedule(dueRequest(clock, HOUR_MS, { attempt: 2 }), [alert('again')], {
        held,
        change: { state: 'void', outcome: 'dry-run' },
      });
      expect(again).toStrictEqual({ kind: 'standing', claim: standing.claim, fresh: ['again'] });
      expect((await ledger.claim(JOB, 'retry', 1))?.claim.state).toBe('void');
      clock.advance(1);
      const anew = await ledger.schedule(dueRequest(clock, MINUTE_MS), []);
      expect(anew).toMatchObject({ kind: 'scheduled', claim: { state: 'claimed', wonAtMs: clock.now() } });
    });

    it('is believed up to its deadline, and what is put off further reads as now', async () => {
      const { clock, ledger } = await openWorld(open);
      const late = await ledger.schedule(dueRequest(clock, DAY_MS), []);
      expect((await ledger.claim(JOB, 'retry', 1))?.claim.lookAtMs).toBe(late.claim.lookAtMs);
      await ledger.schedule(dueRequest(clock, DAY_MS + 1, { attempt: 2 }), []);
      expect((await ledger.claim(JOB, 'retry', 2))?.claim.lookAtMs).toBe(clock.now());
    });
  });

  describe('failures', () => {
    it('are counted per project, reason and span, the latest first', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const count = (reason: string, projectId = 'shop') =>
        ledger.countFailure(projectId, reason, clock.now(), MINUTE_MS);
      const sums = (await race(9, () => count('backendError'))).map(([sum]) => sum);
      expect(sums.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      clock.advance(MINUTE_MS);
      await count('backendError');
      clock.advance(MINUTE_MS);
      expect(await other.countFailure('shop', 'backendError', clock.now(), MINUTE_MS)).toEqual([
        1, 1, 9, 0, 0, 0,
      ]);
      expect((await count('internalError'))[0]).toBe(1);
      expect((await count('backendError', 'store'))[0]).toBe(1);
    });
  });

  describe('the slots of a cap', () => {
    it('are apart from those of a breaker of any name, and none of the breakers', async () => {
      const { ledger } = await openWorld(open);
      const cap = { verb: 'retry', cap: 'project', of: 'shop' } as const;
      for (const policy of ['cap', 'cap:project', 'project']) {
        expect(await ledger.takeSlot({ verb: 'retry', policy }, 'claim', 1, HOUR_MS)).toBe('taken');
      }
      expect(await ledger.takeSlot(cap, 'claim', 1, HOUR_MS)).toBe('taken');
      expect(await ledger.takeSlot(cap, 'another', 1, HOUR_MS)).toBe('none-left');
      expect(await ledger.takeSlot({ ...cap, of: 'store' }, 'another', 1, HOUR_MS)).toBe('taken');
      expect(await ledger.takeSlot({ ...cap, cap: 'principal' }, 'another', 1, HOUR_MS)).toBe('taken');
      expect((await ledger.breakers()).map(({ scope }) => scope.policy).toSorted()).toEqual([
        'cap',
        'cap:project',
        'project',
      ]);
      await ledger.freeSlot(cap, 'claim');
      expect(await ledger.takeSlot(cap, 'another', 1, HOUR_MS)).toBe('taken');
    });
  });
}
