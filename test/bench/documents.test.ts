import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ALL_PARTS } from '../../bench/all-parts.ts';

test('docs/bench.md tells every part of the bench, under its letter and title, and no other', () => {
  const told = readFileSync(join(import.meta.dirname, '../../docs/bench.md'), 'utf8');
  const headings = [...told.matchAll(/^## ([a-z])\. (.+)$/gm)].map(([, letter, title]) => ({
    letter,
    title,
  }));
  expect(headings).toEqual(ALL_PARTS.map(({ letter, title }) => ({ letter, title })));
});
