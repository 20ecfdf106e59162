import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, test } from 'vitest';
import {
  OwnerFileForbidden,
  OwnerFileMissing,
  OwnerFileTooLarge,
  OwnerFileUnavailable,
  OwnerFileUnreadable,
} from '../../shared/owner-files/errors.ts';
import type { GcsOptions } from '../../shared/owner-files/gcs-object.ts';
import { openOwnerFile } from '../../shared/owner-files/open-owner-file.ts';
import type { OwnerFile } from '../../shared/owner-files/owner-file.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { calmClock } from './calm-clock.ts';

const ADDRESS = 'gs://policies/prod/policies v1.yaml';
const PATH = '/storage/v1/b/policies/o/prod%2Fpolicies%20v1.yaml?alt=media';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A file at a Cloud Storage that answers so. */
async function stored(answer: Answer, options: Partial<GcsOptions> = {}): Promise<OwnerFile> {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return openOwnerFile(ADDRESS, { clock: calmClock(), emulatorHost: `127.0.0.1:${port}`, ...options });
}

function answers(status: number, headers: Record<string, string>, body: string | Uint8Array): Answer {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

it('reads the object named, with its generation', async () => {
  const file = await stored((request, response) => {
    if (request.url !== PATH) response.writeHead(404).end();
    else response.writeHead(200, { 'x-goog-generation': '17' }).end('version: 1 # ä');
  });
  expect(await file.read()).toEqual({ text: 'version: 1 # ä', generation: '17' });
  expect(file.describe()).toBe(ADDRESS);
});

it('sends the headers that authorise it', async () => {
  const file = await stored(
    (request, response) =>
      response
        .writeHead(request.headers.authorization === 'Bearer t' ? 200 : 401, { 'x-goog-generation': '1' })
        .end('x'),
    { authorise: async () => new Headers({ authorization: 'Bearer t' }) },
  );
  expect((await file.read()).text).toBe('x');
});

it('says that no credentials were found', async () => {
  const file = await stored(answers(200, {}, ''), {
    authorise: async () => Promise.reject(new Error('none')),
  });
  await expect(file.read()).rejects.toThrow(
    new OwnerFileUnavailable(ADDRESS, 'no credentials for Cloud Storage were found'),
  );
});

describe('what Cloud Storage answers has a name', () => {
  test.each([
    [404, OwnerFileMissing, `${ADDRESS} does not exist`],
    [403, OwnerFileForbidden, 'grant storage.objects.get'],
    [401, OwnerFileForbidden, 'grant storage.objects.get'],
    [400, OwnerFileUnreadable, 'Cloud Storage answered 400'],
    [408, OwnerFileUnavailable, 'Cloud Storage answered 408'],
    [429, OwnerFileUnavailable, 'Cloud Storage answered 429'],
    [500, OwnerFileUnavailable, 'Cloud Storage answered 500'],
    [503, OwnerFileUnavailable, 'Cloud Storage answered 503'],
  ])('%d', async (status, kind, message) => {
    const file = await stored(answers(status, {}, '{"error": {}}'));
    await expect(file.read()).rejects.toThrow(kind);
    await expect(file.read()).rejects.toThrow(message);
  });
});

it('refuses an answer without a generation', async () => {
  const file = await stored(answers(200, {}, 'version: 1'));
  await expect(file.read()).rejects.toThrow('the answer does not tell its generation');
});

it('refuses what is no text', async () => {
  const file = await stored(answers(200, { 'x-goog-generation': '1' }, Uint8Array.of(0xff)));
  await expect(file.read()).rejects.toThrow('it is no UTF-8 text');
});

it('stops at the bound although the answer goes on', async () => {
  const file = await stored(
    (_request, response) => {
      response.writeHead(200, { 'x-goog-generation': '1' });
      response.write('x'.repeat(2_000));
    },
    { maxBytes: 1_000 },
  );
  await expect(file.read()).rejects.toThrow(new OwnerFileTooLarge(ADDRESS, 1_000));
});

it('gives up on a server that is silent', async () => {
  const clock = new VirtualClock(0);
  // Time passes once it was asked.
  const file = await stored(() => void clock.advanceTo(50), { clock, timeoutMs: 50 });
  await expect(file.read()).rejects.toThrow(new OwnerFileUnavailable(ADDRESS, 'no answer within 50 ms'));
});

it('says that Cloud Storage was not reached', async () => {
  const file = await stored((request) => request.socket.destroy());
  await expect(file.read()).rejects.toThrow(
    new OwnerFileUnavailable(ADDRESS, 'Cloud Storage was not reached'),
  );
});
