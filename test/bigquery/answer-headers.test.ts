import { expect, it } from 'vitest';
import { dateMsOf, retryAfterMsOf } from '../../shared/bigquery/answer-headers.ts';

const date = 'Tue, 06 Jan 2026 10:00:00 GMT';

it.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  ['seconds with blanks', { 'retry-after': ' 5 ' }, 5_000],
  ['none at all', { 'retry-after': '0' }, 0],
  ["a date, by the server's clock", { date, 'retry-after': 'Tue, 06 Jan 2026 10:00:30 GMT' }, 30_000],
  ['a date that has passed', { date, 'retry-after': 'Tue, 06 Jan 2026 09:00:00 GMT' }, 0],
  ['a date without anything to compare with', { 'retry-after': 'Tue, 06 Jan 2026 10:00:30 GMT' }, undefined],
  ['a fraction', { 'retry-after': '1.5' }, undefined],
  ['a negative', { 'retry-after': '-1' }, undefined],
  ['a number without end', { 'retry-after': '9'.repeat(30) }, undefined],
  ['words', { date, 'retry-after': 'later' }, undefined],
  ['nothing', {}, undefined],
])('Retry-After: %s', (_, headers, expected) => {
  expect(retryAfterMsOf(headers)).toBe(expected);
});

it.each([
  ['as servers write it', date, Date.UTC(2026, 0, 6, 10)],
  ['what Date.parse would make a year of', 'foo 1', undefined],
  ['a date that there is not', 'Tue, 99 Jan 2026 10:00:00 GMT', undefined],
  ['another zone', 'Tue, 06 Jan 2026 10:00:00 EST', undefined],
  ['empty', '', undefined],
])('Date: %s', (_, value, expected) => {
  expect(dateMsOf({ date: value })).toBe(expected);
});
