import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Redacted } from '../../shared/job/redacted.ts';

const TEXT = 'SELECT 123456789';

const shows: { name: string; show: (value: Redacted) => string }[] = [
  { name: 'String', show: (value) => String(value) },
  { name: 'a template', show: (value) => `${value}` },
  { name: 'concatenation', show: (value) => 'text: '.concat(value.toString()) },
  { name: 'JSON', show: (value) => JSON.stringify({ value }) },
  { name: 'inspect', show: (value) => inspect({ deep: { value } }, { showHidden: true, depth: 9 }) },
  { name: 'an error message', show: (value) => new Error(`failed on ${value}`).message },
];

test.each(shows)('shows a placeholder instead of the text in $name', ({ show }) => {
  expect(show(new Redacted(TEXT))).toContain('[redacted]');
  expect(show(new Redacted(TEXT))).not.toContain('123456789');
});

test.each(shows)('shows a keyed hash of the whole text in $name', ({ show }) => {
  const hash = createHmac('sha256', 'a key').update(TEXT).digest('hex');
  expect(show(new Redacted(TEXT, 'a key'))).toContain(`hmac-sha256:${hash}`);
  expect(show(new Redacted(TEXT, 'a key'))).not.toContain('123456789');
});

test('an empty key is no key: its hash could be made by anyone', () => {
  expect(String(new Redacted(TEXT, ''))).toBe('[redacted]');
});

test('has no own property that spreading or listing would show', () => {
  expect(Reflect.ownKeys(new Redacted(TEXT, 'a key'))).toEqual([]);
  expect({ ...new Redacted(TEXT) }).toEqual({});
});

test('gives the text to code that asks for it', () => {
  expect(new Redacted(TEXT, 'a key').expose()).toBe(TEXT);
});
