import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temptingText } from '../../bench/detection/query-text.ts';
import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { customPattern } from '../../shared/sensitive/detectors/custom-pattern.ts';

const CARD = ['4111', '1111', '1111', '1111'].join('');
const query = (text: string) => ({ configuration: { query: { query: text } } });

describe('detect', () => {
  test('tells each detector once a field, however often it finds something', () => {
    const resource = {
      configuration: {
        query: {
          query: `SELECT '${CARD}', '${CARD}', 'jane@example.com'`,
          queryParameters: [1, 2, 3].map((at) => ({ name: `p${at}`, parameterValue: { value: CARD } })),
        },
      },
    };
    expect(detect(resource, ALL_DETECTORS)).toEqual([
      { detector: 'creditCard', field: 'configuration.query.query' },
      { detector: 'email', field: 'configuration.query.query' },
      { detector: 'creditCard', field: 'configuration.query.queryParameters[].parameterValue' },
    ]);
  });

  test('asks only the detectors that it is given', () => {
    const marker = customPattern('orders', 'order-[0-9]{6}');
    expect(detect(query(`SELECT '${CARD}', 'order-123456'`), [marker])).toEqual([
      { detector: 'orders', field: 'configuration.query.query' },
    ]);
    expect(detect(query(`SELECT '${CARD}'`), [])).toEqual([]);
  });

  test('tells nothing of the text, nor of a name that a user gave', () => {
    const texts = [CARD, 'jane@example.com', 'the-name-of-a-label'];
    const resource = { later: { [CARD]: 'jane@example.com' }, configuration: { labels: { [CARD]: CARD } } };
    const told = inspect(detect(resource, ALL_DETECTORS), { depth: 9 });
    for (const text of texts) expect(told).not.toContain(text);
    expect(detect(resource, ALL_DETECTORS)).toHaveLength(3);
  });

  test.for([
    ['an escaped end of a line before it', `SELECT 'a\\n${CARD}\\tb'`],
    ['an escaped character of it', `SELECT '4\\x311111111111\\u0031111'`],
  ])('reads literals as BigQuery does: %s', ([, text = '']) => {
    expect(detect(query(text), ALL_DETECTORS)).toHaveLength(1);
  });

  // A hang guard: what is not linear takes hours here.
  test.for<readonly [string, (characters: number) => string]>([
    ['words around secrets', temptingText],
    ['digits', (characters) => '4'.repeat(characters)],
    ['digits in groups', (characters) => '4111 '.repeat(characters / 5)],
    ['letters', (characters) => 'a'.repeat(characters)],
    ['beginnings of tokens', (characters) => '-eyJ'.repeat(characters / 4)],
    [
      'beginnings of keys',
      (characters) => `${'-'.repeat(5)}BEGIN PRIVATE KEY${'-'.repeat(5)}`.repeat(characters / 27),
    ],
    ['names of secrets', (characters) => 'password'.repeat(characters / 8)],
    ['names and quotes', (characters) => `password='`.repeat(characters / 10)],
    ['backslashes', (characters) => '\\'.repeat(characters)],
    ['quotes', (characters) => `'"`.repeat(characters / 2)],
    ['addresses', (characters) => '://a:'.repeat(characters / 5)],
    ['signs', (characters) => 'a@'.repeat(characters / 2)],
    ['dots', (characters) => 'a.b@'.repeat(characters / 4)],
    ['countries', (characters) => 'DE89 '.repeat(characters / 5)],
  ])('is linear: 10 MB of %s', ([, text]) => {
    expect(detect(query(text(10_000_000)), ALL_DETECTORS).length).toBeLessThanOrEqual(2);
  });
});
