import { describe, expect, it } from 'vitest';
import { LedgerUnavailableError, UnreadableDocumentError } from '../../shared/ledger/errors.ts';
import { describeBreaker } from './breaker-contract.ts';
import { describeClaims } from './claims-contract.ts';
import { describeHistory } from './history-contract.ts';
import { describeKeeping } from './keeping-contract.ts';
import { JOB, openWorld, request } from './ledger-examples.ts';
import type { OpenStore } from './open-store.ts';
import { describeOutbox } from './outbox-contract.ts';
import { describePurges } from './purge-contract.ts';
import { describeRunningSets } from './running-sets-contract.ts';
import { describeSchedule } from './schedule-contract.ts';

/** What the ledger must do on every storage. */
export function describeLedgerContract(open: OpenStore): void {
  describeClaims(open);
  describeBreaker(open);
  describeOutbox(open);
  describeKeeping(open);
  describeRunningSets(open);
  describeSchedule(open);
  describePurges(open);
  describeHistory(open);

  describe('a ledger', () => {
    it('names the document that it cannot read, not what stands in it', async () => {
      const { clock, ledger, store } = await openWorld(open);
      const answer = await ledger.win(request());
      if (answer.kind !== 'won') throw new Error('not won');
      const { key } = answer.held.claim;
      const body = { ...answer.held.claim, state: 'a state of 2031', wonAtMs: undefined };
      await store.write([
        { kind: 'replace', collection: 'claims', key, body, ifVersion: answer.held.version },
      ]);
      clock.advance(1);
      const refused = await ledger.claim(JOB, 'cancel', 1).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(UnreadableDocumentError);
      expect(refused).toBeInstanceOf(LedgerUnavailableError);
      expect(String(refused)).toContain(`document claims/${key} cannot be read: state: `);
      expect(String(refused)).toContain('wonAtMs: ');
      expect(String(refused)).not.toContain('2031');
      await expect(ledger.win(request())).rejects.toThrow(UnreadableDocumentError);
    });

    it('that was closed is unavailable, and may be closed again', async () => {
      const { ledger } = await openWorld(open);
      await ledger.close();
      await ledger.close();
      await expect(ledger.claim(JOB, 'cancel', 1)).rejects.toThrow(LedgerUnavailableError);
      await expect(ledger.win(request())).rejects.toThrow(LedgerUnavailableError);
      await expect(ledger.addAlerts([{ ceId: 'a', event: {} }])).rejects.toThrow(LedgerUnavailableError);
      await expect(ledger.countAlert('long', 0)).rejects.toThrow(LedgerUnavailableError);
      await expect(ledger.dueClaims('cancel', 'shop', 0, 9)).rejects.toThrow(LedgerUnavailableError);
    });
  });
}
