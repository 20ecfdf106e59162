import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boundedText } from '../../shared/owner-files/bounded-text.ts';
import {
  OwnerFileForbidden,
  OwnerFileMissing,
  OwnerFileTooLarge,
  OwnerFileUnavailable,
  OwnerFileUnreadable,
} from '../../shared/owner-files/errors.ts';
import { localFileError } from '../../shared/owner-files/local-file-error.ts';
import { type OwnerFileOptions, openOwnerFile as opened } from '../../shared/owner-files/open-owner-file.ts';
import type { OwnerFile } from '../../shared/owner-files/owner-file.ts';
import { within } from '../../shared/owner-files/within.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { calmClock } from './calm-clock.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owner-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file to which nobody writes while it is looked at twice, if no clock is given. */
const openOwnerFile = (path: string, options: Partial<OwnerFileOptions> = {}): OwnerFile =>
  opened(path, { clock: calmClock(), ...options });

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

it('stops reading what has no end', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield new Uint8Array(1_000);
  }
  await expect(boundedText(endless(), 'endless', 1_000_000)).rejects.toThrow(OwnerFileTooLarge);
});

it('refuses a pipe, which may never answer, and a device', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of [pipe, '/dev/zero']) {
    await expect(openOwnerFile(path).read()).rejects.toThrow(
      new OwnerFileUnreadable(path, 'it is no regular file'),
    );
  }
});

it('waits no longer than it may', async () => {
  const clock = new VirtualClock(0);
  const late = () => new OwnerFileUnavailable('a', 'no answer');
  const answersAt = (ms: number) => async () => {
    await clock.sleep(ms);
    return 'text';
  };
  const reading = Promise.allSettled([9, 10, 11].map((ms) => within(clock, 10, answersAt(ms), late)));
  await clock.advanceTo(11);
  const [before, , after] = await reading;
  expect(before).toEqual({ status: 'fulfilled', value: 'text' });
  expect(after).toEqual({ status: 'rejected', reason: new OwnerFileUnavailable('a', 'no answer') });
});

describe('a file that is being written', () => {
  const HALF = 'match: { jobTypes: [QUERY] }\n';
  const REST = 'except: { principals: [oncall@example.com] }\n';

  it('is not taken, be it the first that is read, until it has settled', async () => {
    const path = await written('half.yaml', HALF);
    let rest = REST;
    const pause = async () => {
      await appendFile(path, rest);
      rest = '';
    };
    const file = openOwnerFile(path, { clock: calmClock(pause) });
    await expect(file.read()).rejects.toThrow(new OwnerFileUnavailable(path, 'it is being written'));
    // An empty write changes nothing.
    expect((await file.read()).text).toBe(HALF + REST);
  });

  it('is not taken in place of the text before', async () => {
    const path = await written('again.yaml', HALF + REST);
    let writing = async (): Promise<void> => undefined;
    const file = openOwnerFile(path, { clock: calmClock(() => writing()) });
    const before = await file.read();
    await writeFile(path, HALF);
    writing = () => appendFile(path, REST);
    await expect(file.read()).rejects.toThrow(OwnerFileUnavailable);
    writing = async () => undefined;
    expect(await file.read()).toEqual(before);
  });

  it('is not taken though its times and size are set back', async () => {
    const path = await written('same.yaml', 'action: cancel');
    await utimes(path, 1, 1);
    const pause = async () => {
      await writeFile(path, 'action: alert!');
      await utimes(path, 1, 1);
    };
    await expect(openOwnerFile(path, { clock: calmClock(pause) }).read()).rejects.toThrow(
      OwnerFileUnavailable,
    );
  });

  it('is waited for once for each change, also where a new file took its place', async () => {
    const path = await written('calm.yaml', HALF);
    const waits: number[] = [];
    const file = openOwnerFile(path, { settleMs: 700, clock: calmClock(async (ms) => void waits.push(ms)) });
    for (let times = 0; times < 3; times++) expect((await file.read()).text).toBe(HALF);
    expect(waits).toEqual([700]);
    await rename(await written('calm.yaml.new', REST), path);
    for (let times = 0; times < 3; times++) expect((await file.read()).text).toBe(REST);
    expect(waits).toEqual([700, 700]);
  });
});

it.each(['EACCES', 'EPERM'])('says that it may not be read (%s)', (code) => {
  // As the superuser, whom nothing is forbidden, the tests cannot meet it in a real file.
  const error = localFileError('policies.yaml', Object.assign(new Error('no'), { code }));
  expect(error).toEqual(new OwnerFileForbidden('policies.yaml', 'give this process the right to read it'));
});
