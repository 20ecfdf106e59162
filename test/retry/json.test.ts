import { describe, expect, test } from 'vitest';
import { NotJsonError } from '../../shared/retry/errors.ts';
import {
  ExactNumber,
  isJson,
  isJsonObject,
  isList,
  jsonAt,
  numberForm,
  parseJson,
} from '../../shared/retry/json.ts';

test.each([
  '{"int64":12345678901234567890}',
  '{"fraction":0.12345678901234567891234}',
  '[1e400,-1e-400]',
  '{"a":{"__proto__":{"b":[9007199254740993]}},"":null,"c":true}',
  '{"plain":1.5,"text":"é\\n"}',
])('%s comes out as it went in', (text) => {
  expect(JSON.stringify(parseJson(text))).toBe(text);
});

test.each([
  ['zeros', `1${'0'.repeat(1_000_000)}1`],
  ['zeros behind the point', `0.${'0'.repeat(1_000_000)}1`],
  ['digits of an exponent', `1e${'9'.repeat(1_000_000)}`],
])('a million %s are read in one go', (_, text) => {
  expect(JSON.stringify(parseJson(text)) === text).toBe(true);
});

test('a number that a double holds is a number, however it is written', () => {
  expect(parseJson('[1, 1.0, 1.60390893E12, 0.1, -0, 1e-7, 0.000]')).toEqual([
    1, 1, 1_603_908_930_000, 0.1, -0, 1e-7, 0,
  ]);
});

test.each([
  ['SELECT secret', 13],
  ['{"query":"SELECT secret"', 24],
])('text that is no JSON is not told: %s', (text, length) => {
  expect(() => parseJson(text)).toThrow(new NotJsonError(length));
  expect(new NotJsonError(length).message).not.toContain('secret');
});

test.each([
  ['1.0', '1'],
  ['10e-1', '1'],
  ['0.0', '-0'],
  ['12000', '1.2E+4'],
  ['-0.050', '-5e-2'],
])('%s and %s are the same number', (one, other) => {
  expect(numberForm(one)).toBe(numberForm(other));
});

test.each([
  ['9007199254740993', '9007199254740992'],
  ['1', '-1'],
  ['1', '10'],
])('%s and %s are not the same number', (one, other) => {
  expect(numberForm(one)).not.toBe(numberForm(other));
});

describe('what is what', () => {
  const exact = new ExactNumber('12345678901234567890');
  test('an exact number is neither an object nor a list', () => {
    expect([isJsonObject(exact), isList(exact), isJson(exact), isJson({ exact })]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
  test('what JSON cannot say is none', () => {
    expect([undefined, { a: undefined }, [1n], NaN, { a: [() => 1] }].map(isJson)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
  test('only own fields are found', () => {
    expect(jsonAt({ a: { b: 1 } }, 'a', 'b')).toBe(1);
    expect(jsonAt({}, '__proto__')).toBeUndefined();
    expect(jsonAt({}, 'constructor', 'name')).toBeUndefined();
    expect(jsonAt(null, 'a')).toBeUndefined();
  });
});
