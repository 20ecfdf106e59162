import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../scripts/repository.ts';
import { BREAKS } from './breaks/all-breaks.ts';

test('each deliberate break fits the code, at one place', () => {
  const places = BREAKS.map(({ name, file, from }) => {
    const count = readFileSync(join(ROOT, file), 'utf8').split(from).length - 1;
    return { name, count };
  });
  expect(places.filter(({ count }) => count !== 1)).toEqual([]);
});
