import { describe, expect, test } from 'vitest';
import { tablesTold } from '../../shared/job/tables-told.ts';

const T = { projectId: 'p', datasetId: 'd', tableId: 't' };
const ANONYMOUS = { projectId: 'p', datasetId: `_${'0a'.repeat(20)}`, tableId: 'anon1' };

describe('a Job resource tells tables', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'that a query reads, however many',
      { statistics: { query: { referencedTables: Array.from({ length: 60 }, () => T) } } },
      Array.from({ length: 60 }, () => 'statistics.query.referencedTables'),
    ],
    [
      'that it writes',
      { configuration: { query: { destinationTable: T } } },
      ['configuration.query.destinationTable'],
    ],
    [
      'of a load',
      { configuration: { load: { destinationTable: T } } },
      ['configuration.load.destinationTable'],
    ],
    [
      'of an extract',
      { configuration: { extract: { sourceTable: T } } },
      ['configuration.extract.sourceTable'],
    ],
    [
      'of a copy, in both forms',
      { configuration: { copy: { sourceTables: [T], sourceTable: T, destinationTable: T } } },
      [
        'configuration.copy.sourceTables',
        'configuration.copy.sourceTable',
        'configuration.copy.destinationTable',
      ],
    ],
  ])('%s, each with its field', (_name, resource, fields) => {
    expect(tablesTold(resource)).toEqual(fields.map((field) => ({ field, table: T })));
  });

  test.each<[string, unknown]>([
    ['where results lie that nobody named', { configuration: { query: { destinationTable: ANONYMOUS } } }],
    [
      'that lack a part',
      { statistics: { query: { referencedTables: [{ datasetId: 'd', tableId: 't' }, 7] } } },
    ],
    ['in nothing', {}],
    ['in no resource', 'x'],
  ])('but none %s', (_name, resource) => {
    expect(tablesTold(resource)).toEqual([]);
  });

  test('without their decorators', () => {
    const resource = { configuration: { extract: { sourceTable: { ...T, tableId: 't$20260101' } } } };
    expect(tablesTold(resource)[0]?.table).toEqual(T);
  });
});
