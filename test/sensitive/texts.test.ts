import { describe, expect, test } from 'vitest';
import { textsOf } from '../../shared/sensitive/texts.ts';

const read = (resource: unknown) =>
  [...textsOf(resource)].map(({ text, field, name }) => ({ text, field, name }));
const fieldsWith = (resource: unknown, text: string) =>
  read(resource).flatMap((one) => (one.text === text ? [one.field] : []));

describe('the texts of a job', () => {
  test('are told in the order of the resource, each with its field', () => {
    expect(
      read({
        id: 'shop:EU.job',
        configuration: { labels: { team: 'web' }, query: { query: 'SELECT 1', priority: 'BATCH' } },
        status: { state: 'DONE', errors: [{ reason: 'invalid', message: 'no such column' }] },
        user_email: 'jane@shop.example',
      }),
    ).toEqual(
      expect.arrayContaining([
        { text: 'team', field: 'configuration.labels', name: undefined },
        { text: 'web', field: 'configuration.labels', name: 'team' },
        { text: 'SELECT 1', field: 'configuration.query.query', name: undefined },
        { text: 'no such column', field: 'status.errors[]', name: undefined },
      ]),
    );
  });

  test('are not who ran it, nor what repeats its name', () => {
    const texts = read({
      id: 'a',
      etag: 'b',
      selfLink: 'c',
      user_email: 'd',
      principal_subject: 'e',
      kind: 'f',
    });
    expect(texts).toEqual([]);
  });

  test('are parameters however deep, with what they are called', () => {
    const value = { arrayValues: [{ structValues: { pwd: { value: 'x' } } }] };
    const resource = {
      configuration: { query: { queryParameters: [{ name: 'login', parameterValue: value }] } },
    };
    expect(read(resource)).toContainEqual({
      text: 'x',
      field: 'configuration.query.queryParameters[].parameterValue',
      name: 'pwd',
    });
  });

  test('are names that a user gives: of labels, external tables and fields of structs', () => {
    const resource = {
      configuration: {
        labels: { 'the-label': '' },
        query: {
          tableDefinitions: { the_table: {} },
          queryParameters: [{ parameterValue: { structValues: { the_field: {} } } }],
        },
      },
    };
    expect(read(resource).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['the-label', 'the_table', 'the_field']),
    );
  });

  test.for<{ name: string; resource: unknown; field: string }>([
    { name: 'of the job', resource: { later: { note: 'x' } }, field: '?' },
    { name: 'of the configuration', resource: { configuration: { later: ['x'] } }, field: 'configuration.?' },
    { name: 'of a query', resource: { configuration: { query: { x: 1 } } }, field: 'configuration.query.?' },
    { name: 'of statistics', resource: { statistics: { later: { deep: { x: 1 } } } }, field: 'statistics.?' },
    { name: 'of the status', resource: { status: { later: 'x' } }, field: 'status' },
    { name: 'in place of a known one', resource: { configuration: 'x' }, field: 'configuration' },
  ])('are fields that nobody knows, $name, whose own names are not told', ({ resource, field }) => {
    expect(fieldsWith(resource, 'x')).toEqual([field]);
  });

  test('are whole numbers that nobody knows, and no measures', () => {
    const digits = '4111111111111111';
    expect(fieldsWith({ statistics: { query: { totalBytesProcessed: digits } } }, digits)).toEqual([]);
    expect(fieldsWith({ configuration: { query: { maximumBytesBilled: digits } } }, digits)).toEqual([]);
    expect(fieldsWith({ configuration: { query: { later: Number(digits) } } }, digits)).toEqual([
      'configuration.query.?',
    ]);
  });

  test('are found at any depth', () => {
    let resource: unknown = 'x';
    for (let depth = 0; depth < 100_000; depth += 1) resource = [resource];
    expect(fieldsWith({ configuration: { labels: resource } }, 'x')).toEqual(['configuration.labels']);
  });

  test.for([undefined, null, 'x', 1, [], {}])('of %j are read without a fault', (resource) => {
    expect(read(resource).length).toBeLessThanOrEqual(1);
  });
});
