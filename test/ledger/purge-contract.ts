import { describe, expect, it } from 'vitest';
import { MOST_CHILDREN } from '../../shared/bigquery/children-of.ts';
import { claimKey } from '../../shared/ledger/claim-key.ts';
import { StaleClaimError } from '../../shared/ledger/errors.ts';
import type { Ledger } from '../../shared/ledger/ledger.ts';
import { alert, DAY_MS, HOUR_MS, JOB, LEASE_MS, MINUTE_MS, ODD_NAMES, openWorld } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';
import { certificate, purgeDetails, purgeRequest } from './purge-examples.ts';

async function wonPurge(ledger: Ledger, changes: Parameters<typeof purgeRequest>[0] = {}) {
  const answer = await ledger.win(purgeRequest(changes));
  if (answer.kind !== 'won') throw new Error(`expected to win, but the claim is ${answer.kind}`);
  return answer.held;
}

/** Acts that delete, and what is left to prove it. */
export function describePurges(open: OpenStore): void {
  describe('a claim to purge', () => {
    it('bears what was found, and before the delete what was seen; whoever takes it over reads all of it', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const purge = purgeDetails(clock.now() - HOUR_MS);
      const { leaseMs: _, ...due } = purgeRequest();
      await ledger.schedule({ ...due, purge, dueAtMs: purge.dueAtMs }, []);
      const held = await wonPurge(ledger);
      expect(held.claim.purge).toStrictEqual(purge);
      const seen = {
        ...purge,
        seenDoneAtMs: clock.now(),
        children: ['script_job_1'],
        heldBy: 'held',
      } as const;
      await ledger.advance(held, { state: 'asked', askedAtMs: [clock.now()], purge: seen }, []);
      clock.advance(LEASE_MS);
      const later = purgeDetails(clock.now(), { by: 'hand' });
      const taken = await wonPurge(other, { holder: 'instance-b', purge: later });
      expect(taken.claim).toMatchObject({ state: 'asked', purge: seen });
      expect(await ledger.claim(JOB, 'purge', 1)).toStrictEqual(taken);
    });

    it('has the details that it was won with; a takeover brings its own while nothing was asked', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const live = purgeDetails(clock.now());
      expect((await wonPurge(ledger, { purge: live })).claim.purge).toStrictEqual(live);
      clock.advance(LEASE_MS);
      expect((await wonPurge(other)).claim.purge).toStrictEqual(live);
      clock.advance(LEASE_MS);
      const byHand = purgeDetails(clock.now(), { by: 'hand', found: [] });
      expect((await wonPurge(other, { purge: byHand })).claim.purge).toStrictEqual(byHand);
    });

    it('may be put off until it is due, or else for a day; further reads as now', async () => {
      const { clock, ledger } = await openWorld(open);
      const read = async () => (await ledger.claim(JOB, 'purge', 1))?.claim.lookAtMs;
      const purge = purgeDetails(clock.now(), { dueAtMs: clock.now() + 90 * DAY_MS });
      const { leaseMs: _, ...due } = purgeRequest();
      await ledger.schedule({ ...due, purge, dueAtMs: purge.dueAtMs }, []);
      expect(await read()).toBe(purge.dueAtMs);
      clock.nowMs = purge.dueAtMs;
      const dayOn = clock.now() + DAY_MS + MINUTE_MS;
      const { held } = await ledger.advance(await wonPurge(ledger), { lookAtMs: dayOn }, []);
      expect(await read()).toBe(dayOn);
      await ledger.advance(held, { lookAtMs: dayOn + 1 }, []);
      expect(await read()).toBe(clock.now());
    });
  });

  describe('a ledger of an earlier version', () => {
    it('is read as before: its claims bear nothing of purges', async () => {
      const { clock, ledger, store } = await openWorld(open);
      const finding = {
        policy: 'again',
        degree: 'crossed',
        action: 'retry',
        mode: 'enforce',
        sentence: 'failed',
      };
      const times = { leaseUntilMs: clock.now(), wonAtMs: clock.now(), askedAtMs: [], lookAtMs: clock.now() };
      const act = { job: JOB, verb: 'retry', attempt: 1, policy: 'again', holder: 'a', state: 'claimed' };
      const body = { ...act, finding, ...times };
      const key = claimKey(JOB, 'retry', 1);
      const place = { collection: 'claims', key, group: 'retry shop', dueAtMs: clock.now() } as const;
      await store.write([{ kind: 'create', ...place, body }]);
      expect((await ledger.claim(JOB, 'retry', 1))?.claim).toStrictEqual({ key, ...body });
      expect(await ledger.dueClaims('retry', 'shop', clock.now(), 9)).toMatchObject({ claims: [{ key }] });
      expect(await ledger.certificates(0, 9)).toStrictEqual({ certificates: [], unreadable: [] });
    });
  });

  describe('a certificate', () => {
    it('is written with the end of its claim and its alert, and is kept when all else has expired', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const given = certificate(clock.now());
      const change = { state: 'ended', outcome: 'purged' } as const;
      await ledger.advance(await wonPurge(ledger), change, [alert('purged')], given);
      expect(await ledger.hasAlert('purged')).toBe(true);
      clock.advance(1_000 * DAY_MS);
      expect(await other.claim(JOB, 'purge', 1)).toBeUndefined();
      expect(await other.certificateOf(JOB)).toStrictEqual(given);
      expect(await other.certificateOf({ ...JOB, location: 'eu' })).toStrictEqual(given);
      expect(await other.certificates(0, 9)).toStrictEqual({ certificates: [given], unreadable: [] });
      expect(await other.certificateOf({ ...JOB, location: 'US' })).toBeUndefined();
    });

    it('is not written by a holder whose claim was taken over', async () => {
      const { clock, ledger, other } = await openWorld(open);
      const paused = await wonPurge(ledger);
      clock.advance(LEASE_MS);
      await wonPurge(other, { holder: 'instance-b' });
      const late = ledger.advance(paused, { state: 'ended' }, [], certificate(clock.now()));
      await expect(late).rejects.toThrow(StaleClaimError);
      expect(await ledger.certificateOf(JOB)).toBeUndefined();
    });

    it('comes in a list by time, newest first, from a moment on, each of them', async () => {
      const { clock, ledger } = await openWorld(open);
      const startMs = clock.now();
      const jobs = ODD_NAMES.map((jobId) => ({ ...JOB, jobId }));
      for (const [index, job] of jobs.entries()) {
        const held = await wonPurge(ledger, { job });
        const given = certificate(startMs + index, { job, children: [] });
        await ledger.advance(held, { state: 'ended' }, [], given);
      }
      const listed = async (sinceMs: number, limit: number) =>
        (await ledger.certificates(sinceMs, limit)).certificates.map(
          ({ verifiedAtMs }) => verifiedAtMs - startMs,
        );
      const newestFirst = jobs.map((_, index) => index).toReversed();
      expect(await listed(0, 99)).toEqual(newestFirst);
      expect(await listed(startMs + 3, 99)).toEqual(newestFirst.slice(0, -3));
      expect(await listed(0, 2)).toEqual(newestFirst.slice(0, 2));
      expect(await listed(0, 0)).toEqual([]);
    });

    it('of a job whose id was used again stands beside the first, and is the one of the job', async () => {
      const { clock, ledger } = await openWorld(open);
      const change = { state: 'ended' } as const;
      const first = certificate(clock.now());
      await ledger.advance(await wonPurge(ledger), change, [], first);
      clock.advance(201 * DAY_MS);
      const second = certificate(clock.now(), { children: [] });
      await ledger.advance(await wonPurge(ledger), change, [], second);
      expect(await ledger.certificateOf(JOB)).toStrictEqual(second);
      expect((await ledger.certificates(0, 9)).certificates).toStrictEqual([second, first]);
    });

    it('has room for the largest family that is looked at', async () => {
      const { clock, ledger } = await openWorld(open);
      const children = Array.from(
        { length: MOST_CHILDREN },
        (_, index) => `script_job_${'f'.repeat(32)}_${index}`,
      );
      const purge = { ...purgeDetails(clock.now()), children };
      const { held } = await ledger.advance(await wonPurge(ledger), { state: 'asked', purge }, []);
      await ledger.advance(held, { state: 'ended' }, [], certificate(clock.now(), { children }));
      expect((await ledger.certificateOf(JOB))?.children).toHaveLength(MOST_CHILDREN);
    });

    it('that cannot be read is told of, beside those that can', async () => {
      const { clock, ledger, store } = await openWorld(open);
      await ledger.advance(await wonPurge(ledger), { state: 'ended' }, [], certificate(clock.now()));
      const [stored] = await store.find({ collection: 'certificates', limit: 1 });
      if (stored === undefined) throw new Error('no certificate is stored');
      const { version, ...document } = stored;
      const copies = { copiesNotReached: ['a copy of 2031'] };
      const next = { ...document, kind: 'replace', ifVersion: version } as const;
      const [read = ''] = await store.write([{ ...next, body: { ...document.body, ...copies } }]);
      expect(await ledger.certificateOf(JOB)).toStrictEqual(certificate(clock.now(), copies));
      await store.write([{ ...next, ifVersion: read, body: { ...document.body, verifiedAtMs: 'soon' } }]);
      const job = { ...JOB, jobId: 'job_2' };
      const older = certificate(clock.now() - 1, { job });
      await ledger.advance(await wonPurge(ledger, { job }), { state: 'ended' }, [], older);
      const { certificates, unreadable } = await ledger.certificates(0, 1);
      expect(certificates).toStrictEqual([older]);
      expect(unreadable).toMatchObject([{ name: 'UnreadableDocumentError', collection: 'certificates' }]);
    });
  });

  describe('the slots of a clean-up of history', () => {
    it('are one policy’s, and not those of its breaker', async () => {
      const { clock, ledger } = await openWorld(open);
      const history = { verb: 'purge', cap: 'history', of: 'secrets-in-sql' } as const;
      const breaker = { verb: 'purge', policy: 'secrets-in-sql' } as const;
      expect(await ledger.takeSlot(history, 'one', 1, HOUR_MS)).toBe('taken');
      expect(await ledger.takeSlot(history, 'one', 1, HOUR_MS)).toBe('taken');
      expect(await ledger.takeSlot(history, 'two', 1, HOUR_MS)).toBe('none-left');
      expect(await ledger.takeSlot({ ...history, of: 'hr' }, 'two', 1, HOUR_MS)).toBe('taken');
      expect(await ledger.takeSlot(breaker, 'two', 1, HOUR_MS)).toBe('taken');
      expect(await ledger.breakers()).toEqual([{ scope: breaker, taken: 1 }]);
      clock.advance(HOUR_MS);
      expect(await ledger.takeSlot(history, 'two', 1, HOUR_MS)).toBe('taken');
    });
  });
}
