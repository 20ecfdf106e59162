import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firestoreCollection } from '../../shared/ledger/firestore-document.ts';
import { compositeIndexOf, indexOfCount } from '../../shared/ledger/firestore-query.ts';
import { SqliteStore } from '../../shared/ledger/sqlite-store.ts';
import { FirestoreIndexes } from './firestore-indexes.schema.ts';
import { describeLedgerContract } from './ledger-contract.ts';
import { newRecording, recordingStore } from './recording-store.ts';

const FILE = join(import.meta.dirname, '../../firestore.indexes.json');
const deployed = FirestoreIndexes.parse(JSON.parse(readFileSync(FILE, 'utf8')));
const recording = newRecording();

describe('with every find and count of the ledger recorded', () => {
  describeLedgerContract(async (clock) =>
    recordingStore(new SqliteStore({ path: ':memory:', clock }), recording),
  );

  it('firestore.indexes.json lists the index of each that wants one, and no other', () => {
    const indexes = [...recording.finds.map(compositeIndexOf), ...recording.counts.map(indexOfCount)];
    const needed = new Map(
      indexes.flatMap((index) => (index === undefined ? [] : [[JSON.stringify(index), index] as const])),
    );
    const listed = deployed.indexes.map(({ queryScope: _, ...index }) => index);
    expect(listed).toEqual(expect.arrayContaining([...needed.values()]));
    expect([...needed.values()]).toEqual(expect.arrayContaining(listed));
    expect(needed.size).toBeGreaterThan(0);
  });

  it('no find wants an order that no index gives: pages go by key, within a group or not', () => {
    const wrong = recording.finds.filter(
      ({ group, dueUpToMs, afterKey }) =>
        dueUpToMs !== undefined && (group === undefined || afterKey !== undefined),
    );
    expect(wrong).toEqual([]);
  });

  it('firestore.indexes.json has a TTL for each collection with documents that expire, and no other', () => {
    const ttl = deployed.fieldOverrides.filter((field) => field.ttl === true);
    expect(new Set(ttl.map((field) => field.fieldPath))).toEqual(new Set(['expiresAt']));
    expect(ttl.map((field) => field.collectionGroup).toSorted()).toEqual(
      [...recording.expiring].map(firestoreCollection).toSorted(),
    );
  });
});
