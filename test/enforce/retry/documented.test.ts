import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { RetryEnd } from '../../../shared/alert/alert.schema.ts';

test('docs/retry.md tells each reason why a job is not run again', async () => {
  const text = await readFile(new URL('../../../docs/retry.md', import.meta.url), 'utf8');
  const [, section = ''] = text.split('## Why not');
  const told = [...section.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code);
  expect(RetryEnd.options.filter((code) => !told.includes(code))).toEqual([]);
});
