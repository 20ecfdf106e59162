import { expect, test } from 'vitest';
import { openPurging } from './purging.ts';

test('a holds file that is refused is parsed once, however often it is asked for, and anew when it changes', async () => {
  const purging = await openPurging({ holds: 'version: 1\nholds: {' });
  const { holds } = purging.ports;
  const first = await holds.latest().catch((error: unknown) => error);
  await expect(holds.latest()).rejects.toBe(first);
  purging.setHolds('version: 1\nholds: []\n');
  expect((await holds.latest()).all).toEqual([]);
  purging.setHolds('version: 1\nholds: {');
  await expect(holds.latest()).rejects.not.toBe(first);
});
