import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import {
  OwnerFileChanged,
  OwnerFileForbidden,
  OwnerFileNotWritten,
  OwnerFileWriteUnknown,
} from '../../shared/owner-files/errors.ts';
import { openOwnerFile, openOwnerFileWriter } from '../../shared/owner-files/open-owner-file.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { temporaryFolder } from '../cli/bq-watchdog.ts';
import { calmClock } from './calm-clock.ts';

const root = temporaryFolder();
const OPTIONS = { clock: calmClock() };

async function folder(name: string): Promise<string> {
  const path = join(root, name);
  await mkdir(path);
  return path;
}

describe('a file of this machine', () => {
  it('is replaced if it still is what was read, with its rights, and nothing stays beside it', async () => {
    const path = join(await folder('replaced'), 'holds.yaml');
    await writeFile(path, 'old', { mode: 0o600 });
    const { generation } = await openOwnerFile(path, OPTIONS).read();
    await openOwnerFileWriter(path, OPTIONS).write('new', generation);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(root, 'replaced'))).toEqual(['holds.yaml']);
  });

  it('is made where there was none', async () => {
    const path = join(await folder('made'), 'holds.yaml');
    await openOwnerFileWriter(path, OPTIONS).write('first', undefined);
    expect(await readFile(path, 'utf8')).toBe('first');
  });

  it.for([
    { was: 'another text', written: 'theirs', replacing: 'of-another-text' },
    { was: 'no file', written: 'theirs', replacing: undefined },
    { was: 'a file that is gone', written: undefined, replacing: undefined },
  ])('stays as it is when what was read was $was', async ({ was, written, replacing }) => {
    const path = join(await folder(was), 'holds.yaml');
    if (written === undefined) {
      await writeFile(path, 'x');
      const writer = openOwnerFileWriter(path, OPTIONS);
      await expect(writer.write('ours', 'other')).rejects.toThrow(OwnerFileChanged);
      expect(await readFile(path, 'utf8')).toBe('x');
      return;
    }
    await writeFile(path, written);
    await expect(openOwnerFileWriter(path, OPTIONS).write('ours', replacing)).rejects.toThrow(
      OwnerFileChanged,
    );
    expect(await readFile(path, 'utf8')).toBe(written);
    expect(await readdir(join(root, was))).toEqual(['holds.yaml']);
  });

  it('is left to whoever is writing it', async () => {
    const path = join(await folder('busy'), 'holds.yaml');
    await writeFile(path, 'old');
    await writeFile(join(root, 'busy', '.holds.yaml.new'), 'half');
    const { generation } = await openOwnerFile(path, OPTIONS).read();
    const write = openOwnerFileWriter(path, OPTIONS).write('new', generation);
    await expect(write).rejects.toThrow(/somebody else is writing it; .* remove .*\.holds\.yaml\.new/);
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('stays a link if it is one', async () => {
    const inside = await folder('link');
    await writeFile(join(inside, 'real.yaml'), 'old');
    const path = join(inside, 'holds.yaml');
    await symlink('real.yaml', path);
    const { generation } = await openOwnerFile(path, OPTIONS).read();
    await openOwnerFileWriter(path, OPTIONS).write('new', generation);
    expect(await readlink(path)).toBe('real.yaml');
    expect(await readFile(join(inside, 'real.yaml'), 'utf8')).toBe('new');
  });

  it('refuses a link that leads nowhere, which stays', async () => {
    const inside = await folder('nowhere-link');
    const path = join(inside, 'holds.yaml');
    await symlink('gone.yaml', path);
    const write = openOwnerFileWriter(path, OPTIONS).write('new', undefined);
    await expect(write).rejects.toThrow(/was not written: it is a link to what is not there \(gone\.yaml\)/);
    expect(await readdir(inside)).toEqual(['holds.yaml']);
    expect(await readlink(path)).toBe('gone.yaml');
  });

  it('says that there is no such folder', async () => {
    const writer = openOwnerFileWriter(join(root, 'nowhere', 'holds.yaml'), OPTIONS);
    await expect(writer.write('x', undefined)).rejects.toThrow(/was not written: its folder does not exist/);
  });
});

describe('an object of Cloud Storage', () => {
  /** @param answer undefined: the connection is cut */
  async function asked(answer: number | undefined, replacing: string | undefined, clock = OPTIONS.clock) {
    const requests: { method: string | undefined; url: string | undefined; body: string }[] = [];
    const server = createServer(async (request, response) => {
      requests.push({ method: request.method, url: request.url, body: await bodyOf(request) });
      if (answer === undefined) request.socket.destroy();
      else if (answer === 0 && clock instanceof VirtualClock) clock.advanceTo(50);
      else response.writeHead(answer).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const options = { clock, emulatorHost: `127.0.0.1:${port}`, timeoutMs: 50 };
    const writer = openOwnerFileWriter('gs://policies/prod/holds v1.yaml', options);
    const error = await writer.write('version: 1 # ä', replacing).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { requests, error };
  }

  test.for([
    { title: 'what was read', replacing: '17', match: '17' },
    { title: 'nothing', replacing: undefined, match: '0' },
  ])('replaces $title, and only that', async ({ replacing, match }) => {
    const { requests, error } = await asked(200, replacing);
    expect(error).toBeUndefined();
    expect(requests).toEqual([
      {
        method: 'POST',
        url: `/upload/storage/v1/b/policies/o?uploadType=media&name=prod%2Fholds%20v1.yaml&ifGenerationMatch=${match}`,
        body: 'version: 1 # ä',
      },
    ]);
  });

  test.for([
    { answer: 412, kind: OwnerFileChanged, says: 'somebody else has written it' },
    { answer: 403, kind: OwnerFileForbidden, says: 'may not be written; grant storage.objects.create' },
    { answer: 401, kind: OwnerFileForbidden, says: 'roles/storage.objectUser' },
    { answer: 404, kind: OwnerFileNotWritten, says: 'there is no such bucket' },
    { answer: 400, kind: OwnerFileNotWritten, says: 'Cloud Storage answered 400' },
    {
      answer: 503,
      kind: OwnerFileWriteUnknown,
      says: 'may have been written, or not: Cloud Storage answered 503',
    },
    { answer: undefined, kind: OwnerFileWriteUnknown, says: 'Cloud Storage was not reached' },
  ])('an answer $answer has a name', async ({ answer, kind, says }) => {
    const { error } = await asked(answer, '17');
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toContain(says);
  });

  test('a server that is silent leaves it open whether it was written', async () => {
    const { error } = await asked(0, '17', new VirtualClock(0));
    expect(error).toBeInstanceOf(OwnerFileWriteUnknown);
    expect(String(error)).toContain('no answer within 50 ms');
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const part of request) body += part;
  return body;
}
