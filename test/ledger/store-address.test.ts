import { describe, expect, test } from 'vitest';
import { StoreAddress } from '../../shared/ledger/store-address.schema.ts';

describe('the address of a ledger', () => {
  test.each([
    ['sqlite:/var/lib/ledger.sqlite', { kind: 'sqlite', path: '/var/lib/ledger.sqlite' }],
    ['sqlite::memory:', { kind: 'sqlite', path: ':memory:' }],
    ['firestore:', { kind: 'firestore', database: '(default)' }],
    ['firestore:(default)', { kind: 'firestore', database: '(default)' }],
    ['firestore:acts', { kind: 'firestore', database: 'acts' }],
    [`firestore:${'a'.repeat(63)}`, { kind: 'firestore', database: 'a'.repeat(63) }],
  ])('%s', (text, address) => {
    expect(StoreAddress.parse(text)).toEqual(address);
  });

  test.each([
    ['', 'expected sqlite:PATH, sqlite::memory: or firestore:[DATABASE]'],
    ['sqlite:', 'expected sqlite:PATH, sqlite::memory: or firestore:[DATABASE]'],
    ['firestore', 'expected sqlite:PATH, sqlite::memory: or firestore:[DATABASE]'],
    ['firestore:abc', 'expected the id of a Firestore database'],
    [`firestore:${'a'.repeat(64)}`, 'expected the id of a Firestore database'],
    ['firestore:Acts', 'expected the id of a Firestore database'],
    ['firestore:projects/p/databases/acts', 'expected the id of a Firestore database'],
    ['firestore:acts-', 'expected the id of a Firestore database'],
  ])('not "%s"', (text, message) => {
    expect(StoreAddress.safeParse(text).error?.issues[0]?.message).toContain(message);
  });
});
