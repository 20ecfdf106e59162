import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const DOCUMENT = new URL('../../docs/add-a-limit.md', import.meta.url);
const ROOT = new URL('../../', import.meta.url);

it('docs/add-a-limit.md shows the code that runs', async () => {
  const text = await readFile(DOCUMENT, 'utf8');
  const quoted = [...text.matchAll(/^`(shared\/[^`]+)`:\n\n```ts\n([\s\S]*?)^```$/gm)];
  expect(quoted.map(([, path]) => path)).toEqual(['shared/limits/pending.ts', 'shared/limits/all-limits.ts']);
  for (const [, path = '', code] of quoted) {
    expect(code).toBe(await readFile(new URL(path, ROOT), 'utf8'));
  }
});

it('docs/add-a-limit.md names files that exist', async () => {
  const text = await readFile(DOCUMENT, 'utf8');
  for (const [, path = ''] of text.matchAll(/`((?:shared|test)\/[a-z/.-]+\.ts)`/g)) {
    await expect(readFile(new URL(path, ROOT), 'utf8')).resolves.not.toBe('');
  }
});
