import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { boundedText } from './bounded-text.ts';
import { OwnerFileError, OwnerFileForbidden, OwnerFileMissing, OwnerFileUnreadable } from './errors.ts';
import type { OwnerFile, OwnerText } from './owner-file.ts';

/** A file of this machine. Its generation is a hash of the text: times of change are too coarse. */
export class LocalFile implements OwnerFile {
  readonly #path: string;
  readonly #maxBytes: number;

  constructor(path: string, maxBytes: number) {
    this.#path = path;
    this.#maxBytes = maxBytes;
  }

  describe(): string {
    return this.#path;
  }

  async read(): Promise<OwnerText> {
    try {
      const text = await boundedText(createReadStream(this.#path), this.#path, this.#maxBytes);
      return { text, generation: createHash('sha256').update(text).digest('hex') };
    } catch (error) {
      throw localFileError(this.#path, error);
    }
  }
}

/** What the failure to read a file of this machine is called. Its codes are those of `errno`. */
export function localFileError(path: string, error: unknown): Error {
  if (error instanceof OwnerFileError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new OwnerFileMissing(path);
    case 'EACCES':
    case 'EPERM':
      return new OwnerFileForbidden(path, 'give this process the right to read it');
    case 'EISDIR':
      return new OwnerFileUnreadable(path, 'it is a folder', { cause: error });
    default:
      return new OwnerFileUnreadable(path, code, { cause: error });
  }
}
