import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  OwnerFileForbidden,
  OwnerFileMissing,
  OwnerFileTooLarge,
  OwnerFileUnreadable,
} from '../../shared/owner-files/errors.ts';
import { localFileError } from '../../shared/owner-files/local-file.ts';
import { openOwnerFile } from '../../shared/owner-files/open-owner-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owner-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

it('reads a file, and tells one content from another', async () => {
  const path = await written('a.yaml', 'version: 1 # ä');
  const file = openOwnerFile(path);
  const first = await file.read();
  expect(first.text).toBe('version: 1 # ä');
  expect(await file.read()).toEqual(first);
  await writeFile(path, 'version: 2 # ä');
  expect((await file.read()).generation).not.toBe(first.generation);
  expect(file.describe()).toBe(path);
});

it('passes over a byte order mark', async () => {
  const path = await written('bom.yaml', '\ufeffversion: 1');
  expect((await openOwnerFile(path).read()).text).toBe('version: 1');
});

it('says that there is no file', async () => {
  const path = join(folder, 'none.yaml');
  await expect(openOwnerFile(path).read()).rejects.toThrow(OwnerFileMissing);
  await expect(openOwnerFile(path).read()).rejects.toThrow(`${path} does not exist`);
});

it('says that it is a folder', async () => {
  await expect(openOwnerFile(folder).read()).rejects.toThrow(
    new OwnerFileUnreadable(folder, 'it is a folder'),
  );
});

it('says that it is no text', async () => {
  const path = await written('latin1.yaml', Uint8Array.of(0x76, 0xe4, 0x20));
  await expect(openOwnerFile(path).read()).rejects.toThrow(
    new OwnerFileUnreadable(path, 'it is no UTF-8 text'),
  );
});

it('reads up to the bound and not beyond', async () => {
  const path = await written('large.yaml', 'x'.repeat(1_000));
  expect((await openOwnerFile(path, { maxBytes: 1_000 }).read()).text).toHaveLength(1_000);
  await expect(openOwnerFile(path, { maxBytes: 999 }).read()).rejects.toThrow(
    new OwnerFileTooLarge(path, 999),
  );
});

it('stops reading a file that has no end', async () => {
  await expect(openOwnerFile('/dev/zero', { maxBytes: 1_000_000 }).read()).rejects.toThrow(OwnerFileTooLarge);
});

it.each(['EACCES', 'EPERM'])('says that it may not be read (%s)', (code) => {
  // As the superuser, whom nothing is forbidden, the tests cannot meet it in a real file.
  const error = localFileError('policies.yaml', Object.assign(new Error('no'), { code }));
  expect(error).toEqual(new OwnerFileForbidden('policies.yaml', 'give this process the right to read it'));
});
