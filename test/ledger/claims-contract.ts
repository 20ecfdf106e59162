import { describe, expect, it } from 'vitest';
import { StaleClaimError } from '../../shared/ledger/errors.ts';
import {
  alert,
  DAY_MS,
  HOUR_MS,
  JOB,
  LEASE_MS,
  MINUTE_MS,
  ODD_NAMES,
  openWorld,
  race,
  request,
  SECOND_MS,
  won,
} from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';

/** The right to do an act, won once. */
export function describeClaims(open: OpenStore): void {
  describe('winning a claim', () => {
    it('is granted to one of 50 racers, and the others learn who holds it', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const answers = await race(50, (racer) =>
        (racer % 2 ? ledger : other).win(request({ holder: `racer-${racer}` })),
      );
      const winners = answers.flatMap((answer) => (answer.kind === 'won' ? [answer.held.claim] : []));
      const [winner] = winners;
      const named = request({ holder: winner?.holder ?? 'nobody' });
      const claim = {
        key: winner?.key,
        ...named,
        leaseUntilMs: clock.now() + LEASE_MS,
        wonAtMs: clock.now(),
      };
      expect(winners).toStrictEqual([{ ...claim, state: 'claimed', askedAtMs: [] }]);
      expect(answers.filter((answer) => answer.kind === 'held').map((answer) => answer.claim)).toStrictEqual(
        Array.from({ length: 49 }, () => winner),
      );
      expect((await ledger.claim(JOB, 'cancel', 1))?.claim).toStrictEqual(winner);
    });

    it('keeps job, location and attempt apart, also under odd names', async () => {
      const { ledger } = await openWorld(open);
      const jobs = [
        ...ODD_NAMES.map((jobId) => ({ ...JOB, jobId })),
        { ...JOB, location: 'US' },
        { projectId: JOB.projectId, jobId: JOB.jobId },
        { ...JOB, projectId: 'example.com:shop' },
      ];
      const keys = new Set<string>();
      for (const job of jobs) {
        keys.add((await won(ledger, { job })).claim.key);
        expect((await ledger.claim(job, 'cancel', 1))?.claim.job.jobId).toBe(job.jobId);
      }
      keys.add((await won(ledger, { attempt: 2 })).claim.key);
      keys.add((await won(ledger)).claim.key);
      expect(keys.size).toBe(jobs.length + 2);
      expect(await ledger.claim({ ...JOB, jobId: 'never claimed' }, 'cancel', 1)).toBeUndefined();
    });

    it('stores everything of it, under a policy of any name', async () => {
      const { ledger } = await openWorld(open);
      for (const [index, policy] of ODD_NAMES.entries()) {
        const held = await won(ledger, { job: { ...JOB, jobId: `job_${index}` }, policy });
        expect(await ledger.claim(held.claim.job, 'cancel', 1)).toStrictEqual(held);
      }
    });

    it('takes over a lease at the millisecond when it ends, once, and goes on with what was done', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const first = await won(ledger);
      const { held: asked } = await ledger.advance(first, { state: 'asked', askedAtMs: [clock.now()] }, []);
      clock.advance(LEASE_MS - 1);
      expect(await other.win(request({ holder: 'instance-b' }))).toStrictEqual({
        kind: 'held',
        claim: asked.claim,
      });
      clock.advance(1);
      const answers = await race(50, (racer) =>
        other.win(request({ holder: `racer-${racer}`, policy: 'another' })),
      );
      const winners = answers.filter((answer) => answer.kind === 'won');
      expect(winners).toHaveLength(1);
      expect(winners[0]).toMatchObject({
        previous: asked.claim,
        held: {
          claim: {
            ...asked.claim,
            holder: expect.stringMatching(/^racer-/),
            leaseUntilMs: clock.now() + LEASE_MS,
          },
        },
      });
    });

    it('takes over early what only a clock far ahead can have written, a millisecond beyond the tolerance', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const rightMs = clock.now();
      clock.advance(30 * DAY_MS);
      const first = await won(ledger);
      const askedAtMs = [clock.now()];
      await ledger.advance(first, { state: 'asked', askedAtMs, lookAtMs: clock.now() }, []);
      clock.nowMs = first.claim.leaseUntilMs - LEASE_MS - MINUTE_MS;
      expect(await other.win(request({ holder: 'instance-b' }))).toMatchObject({ kind: 'held' });
      clock.nowMs = rightMs;
      expect((await other.claim(JOB, 'cancel', 1))?.claim).toMatchObject({
        leaseUntilMs: rightMs,
        lookAtMs: rightMs,
      });
      expect((await other.dueClaims('cancel', 'shop', rightMs, 9)).claims).toHaveLength(1);
      clock.nowMs = first.claim.leaseUntilMs - LEASE_MS - MINUTE_MS - 1;
      const second = await won(other, { holder: 'instance-b' });
      // When BigQuery was asked is told by BigQuery's clock, and is nobody's to doubt.
      expect(second.claim).toMatchObject({ askedAtMs, leaseUntilMs: clock.now() + LEASE_MS });
      expect((await other.dueClaims('cancel', 'shop', clock.now() - 1, 9)).claims).toStrictEqual([]);
      await expect(ledger.advance(first, { state: 'ended' }, [])).rejects.toThrow(StaleClaimError);
    });

    it('takes the new reason when nothing was asked of BigQuery yet', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const first = await won(ledger);
      clock.advance(LEASE_MS);
      const second = await won(other, { holder: 'instance-b', policy: 'another' });
      expect(second.claim).toMatchObject({
        state: 'claimed',
        policy: 'another',
        finding: { policy: 'another' },
        wonAtMs: first.claim.wonAtMs,
      });
    });

    it('is possible as soon as the holder has let go of it, and keeps when to look', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const lookAtMs = clock.now() + 5 * SECOND_MS;
      const change = { state: 'asked', lookAtMs, leaseUntilMs: clock.now() } as const;
      const { held } = await ledger.advance(await won(ledger), change, []);
      const answer = await other.win(request({ holder: 'instance-b' }));
      expect(answer).toMatchObject({ kind: 'won', previous: held.claim, held: { claim: { lookAtMs } } });
    });

    it('starts anew after a void one', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const { held } = await ledger.advance(
        await won(ledger),
        { state: 'void', outcome: 'no-longer-guilty' },
        [],
      );
      expect(held.claim).toMatchObject({ state: 'void', endedAtMs: clock.now() });
      clock.advance(SECOND_MS);
      const answers = await race(50, (racer) => other.win(request({ holder: `racer-${racer}` })));
      const [winner, ...others] = answers.filter((answer) => answer.kind === 'won');
      expect(others).toStrictEqual([]);
      expect(winner?.previous).toStrictEqual(held.claim);
      const { holder } = winner?.held.claim ?? {};
      expect(winner?.held.claim).toStrictEqual({
        ...request(),
        key: held.claim.key,
        holder,
        leaseUntilMs: clock.now() + LEASE_MS,
        state: 'claimed',
        wonAtMs: clock.now(),
        askedAtMs: [],
      });
    });

    it('is over when the act has ended, for 200 days', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const change = { state: 'ended', outcome: 'cancelled', endedAtMs: clock.now() + HOUR_MS } as const;
      const { held } = await ledger.advance(await won(ledger), change, []);
      clock.advance(HOUR_MS + 200 * DAY_MS - 1);
      expect(await other.win(request())).toStrictEqual({ kind: 'ended', claim: held.claim });
      clock.advance(1);
      expect(await other.claim(JOB, 'cancel', 1)).toBeUndefined();
      expect(await other.win(request())).toMatchObject({ kind: 'won' });
    });

    it('never expires while it is unfinished', async () => {
      const { clock, ledger } = await openWorld(open);
      const held = await won(ledger);
      clock.advance(1_000 * DAY_MS);
      expect(await ledger.claim(JOB, 'cancel', 1)).toStrictEqual(held);
      expect((await ledger.dueClaims('cancel', 'shop', clock.now(), 9)).claims).toStrictEqual([held.claim]);
    });
  });

  describe('advancing a claim', () => {
    it('is refused to a paused holder whose lease was taken over, with all its alerts', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const paused = await won(ledger);
      clock.advance(LEASE_MS);
      const successor = await won(other, { holder: 'instance-b' });
      const late = ledger.advance(paused, { state: 'ended', outcome: 'cancelled' }, [alert('late')]);
      await expect(late).rejects.toThrow(StaleClaimError);
      await expect(late).rejects.toMatchObject({ verb: 'cancel', attempt: 1, holder: 'instance-a' });
      await expect(late).rejects.toThrow(
        'the claim to cancel job shop:EU.job_1 (attempt 1) is no longer held by instance-a',
      );
      expect(await ledger.claim(JOB, 'cancel', 1)).toStrictEqual(successor);
      expect(await ledger.hasAlert('late')).toBe(false);
    });

    it('is refused to a holder of an earlier version of its own', async () => {
      const { ledger } = await openWorld(open);
      const first = await won(ledger);
      const { held } = await ledger.advance(first, { state: 'asked' }, []);
      await expect(ledger.advance(first, { state: 'void' }, [])).rejects.toThrow(StaleClaimError);
      expect(await ledger.claim(JOB, 'cancel', 1)).toStrictEqual(held);
    });

    it('is still the holder’s when its lease ran out and nobody took it over', async () => {
      const { clock, ledger } = await openWorld(open);
      const first = await won(ledger);
      clock.advance(LEASE_MS + HOUR_MS);
      const { held } = await ledger.advance(first, { leaseUntilMs: clock.now() + LEASE_MS }, []);
      expect(await ledger.win(request())).toStrictEqual({ kind: 'held', claim: held.claim });
    });

    it('commits its alerts with it, but for those that stand already', async () => {
      const { ledger } = await openWorld(open);
      await ledger.addAlerts([alert('one', { first: true }), alert('three', { first: true })]);
      const rows = ['one', 'two', 'three', 'four', 'two'].map((ceId) => alert(ceId));
      const { held, fresh } = await ledger.advance(await won(ledger), { state: 'asked' }, rows);
      expect(fresh).toStrictEqual(['two', 'four']);
      expect(await ledger.claim(JOB, 'cancel', 1)).toStrictEqual(held);
      const events = new Map((await ledger.unpublishedAlerts(9)).alerts.map((row) => [row.ceId, row.event]));
      expect(events).toStrictEqual(
        new Map<string, unknown>([
          ['one', { first: true }],
          ['two', { id: 'two' }],
          ['three', { first: true }],
          ['four', { id: 'four' }],
        ]),
      );
    });

    it('stamps the end when the holder does not, and forgets when to look', async () => {
      const { clock, ledger } = await openWorld(open);
      const lookAtMs = clock.now() + MINUTE_MS;
      const { held: waiting } = await ledger.advance(await won(ledger), { state: 'asked', lookAtMs }, []);
      clock.advance(MINUTE_MS);
      const { held } = await ledger.advance(waiting, { state: 'ended', outcome: 'cancelled' }, []);
      expect(held.claim.endedAtMs).toBe(clock.now());
      expect(held.claim).not.toHaveProperty('lookAtMs');
      expect(await ledger.claim(JOB, 'cancel', 1)).toStrictEqual(held);
    });
  });

  describe('due claims', () => {
    it('are those to look at and those whose holder died, of one project, earliest first', async () => {
      const { clock, ledger } = await openWorld(open);
      const start = clock.now();
      const job = (jobId: string, projectId = 'shop') => ({ ...JOB, projectId, jobId });
      await won(ledger, { job: job('crashed') });
      const waiting = await won(ledger, { job: job('waiting') });
      await ledger.advance(waiting, { state: 'asked', lookAtMs: start + SECOND_MS, leaseUntilMs: start }, []);
      await ledger.advance(await won(ledger, { job: job('ended') }), { state: 'ended' }, []);
      await ledger.advance(await won(ledger, { job: job('void') }), { state: 'void' }, []);
      await won(ledger, { job: job('elsewhere', 'example.com:shop') });

      const due = async (upToMs: number, limit = 9) =>
        (await ledger.dueClaims('cancel', 'shop', upToMs, limit)).claims.map((claim) => claim.job.jobId);
      expect(await due(start + SECOND_MS - 1)).toStrictEqual([]);
      expect(await due(start + SECOND_MS)).toStrictEqual(['waiting']);
      expect(await due(start + LEASE_MS - 1)).toStrictEqual(['waiting']);
      expect(await due(start + LEASE_MS)).toStrictEqual(['waiting', 'crashed']);
      expect(await due(start + LEASE_MS, 1)).toStrictEqual(['waiting']);
    });

    it('are told beside those that cannot be read', async () => {
      const { clock, store, ledger } = await openWorld(open);
      const held = await won(ledger);
      const dueAtMs = clock.now() - DAY_MS;
      const body = { state: 'of another version' };
      const place = { collection: 'claims', key: 'cancel:1:odd', group: 'cancel shop' } as const;
      await store.write([{ kind: 'create', ...place, dueAtMs, body }]);
      clock.advance(LEASE_MS);
      const { claims, unreadable } = await ledger.dueClaims('cancel', 'shop', clock.now(), 9);
      expect(claims).toStrictEqual([held.claim]);
      expect(unreadable).toMatchObject([{ name: 'UnreadableDocumentError', key: 'cancel:1:odd' }]);
    });

    it('are not kept back by any number of older ones that cannot be read', async () => {
      const { clock, store, ledger } = await openWorld(open);
      const held = await won(ledger);
      const place = { collection: 'claims', group: 'cancel shop', dueAtMs: clock.now() - DAY_MS } as const;
      for (let index = 0; index < 9; index++) {
        const key = `cancel:1:odd-${index}`;
        await store.write([{ kind: 'create', ...place, key, body: { state: 'of another version' } }]);
      }
      clock.advance(LEASE_MS);
      const { claims, unreadable } = await ledger.dueClaims('cancel', 'shop', clock.now(), 3);
      expect(claims).toStrictEqual([held.claim]);
      expect(unreadable).toHaveLength(9);
    });

    it('include one whose holder crashed between claim and record, until it is finished', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const crashed = await won(ledger);
      clock.advance(LEASE_MS);
      expect((await other.dueClaims('cancel', 'shop', clock.now(), 9)).claims).toStrictEqual([crashed.claim]);
      const held = await won(other, { holder: 'instance-b' });
      expect((await other.dueClaims('cancel', 'shop', clock.now(), 9)).claims).toStrictEqual([]);
      await other.advance(held, { state: 'ended', outcome: 'cancelled' }, []);
      clock.advance(LEASE_MS);
      expect((await other.dueClaims('cancel', 'shop', clock.now(), 9)).claims).toStrictEqual([]);
    });
  });

  describe('recent claims', () => {
    it('come newest first, of all projects and states, from a moment on', async () => {
      const { clock, ledger } = await openWorld(open);
      const start = clock.now();
      for (let index = 0; index < 5; index++) {
        const held = await won(ledger, { job: { ...JOB, projectId: `p${index}`, jobId: `job_${index}` } });
        if (index % 2) await ledger.advance(held, { state: 'ended' }, []);
        clock.advance(MINUTE_MS);
      }
      const recent = async (sinceMs: number, limit: number) =>
        (await ledger.recentClaims(sinceMs, limit)).map((claim) => claim.job.jobId);
      expect(await recent(0, 9)).toStrictEqual(['job_4', 'job_3', 'job_2', 'job_1', 'job_0']);
      expect(await recent(start + 3 * MINUTE_MS, 9)).toStrictEqual(['job_4', 'job_3']);
      expect(await recent(start + 3 * MINUTE_MS + 1, 9)).toStrictEqual(['job_4']);
      expect(await recent(0, 2)).toStrictEqual(['job_4', 'job_3']);
      expect(await recent(0, 0)).toStrictEqual([]);
    });

    it('tell a claim once: when it was taken over where it was first won, when it was void at its last', async () => {
      const { clock, ledger } = await openWorld(open);
      await won(ledger, { job: { ...JOB, jobId: 'taken over' } });
      clock.advance(LEASE_MS);
      await ledger.advance(await won(ledger, { job: { ...JOB, jobId: 'void' } }), { state: 'void' }, []);
      await ledger.advance(await won(ledger, { job: { ...JOB, jobId: 'void' } }), { state: 'void' }, []);
      clock.advance(SECOND_MS);
      await won(ledger, { job: { ...JOB, jobId: 'taken over' } });
      clock.advance(SECOND_MS);
      await won(ledger, { job: { ...JOB, jobId: 'void' } });
      const recent = await ledger.recentClaims(0, 9);
      expect(recent.map((claim) => claim.job.jobId)).toStrictEqual(['void', 'taken over']);
    });

    it('are an entry each, however often a void one is won again, by however many at once', async () => {
      const { clock, store, ledger, other } = await openWorld(open);
      for (let round = 0; round < 12; round++) {
        clock.advance(round % 3 ? SECOND_MS : 0);
        const answers = await race(4, (racer) => (racer % 2 ? ledger : other).win(request()));
        const [winner] = answers.flatMap((answer) => (answer.kind === 'won' ? [answer.held] : []));
        if (winner === undefined) throw new Error('a void claim was not won again');
        await ledger.advance(winner, { state: 'void', outcome: 'dry-run' }, []);
      }
      expect(await store.find({ collection: 'claim-times', limit: 99 })).toHaveLength(1);
      expect(await other.recentClaims(clock.now(), 9)).toMatchObject([{ wonAtMs: clock.now() }]);
    });
  });
}
