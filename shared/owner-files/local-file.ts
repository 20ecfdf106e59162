import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Clock } from '../ports/clock.ts';
import { boundedText } from './bounded-text.ts';
import { OwnerFileUnavailable, OwnerFileUnreadable } from './errors.ts';
import { localFileError } from './local-file-error.ts';
import type { OwnerFile, OwnerText } from './owner-file.ts';
import { within } from './within.ts';

export interface LocalOptions {
  readonly maxBytes: number;
  /** How long the file system may take to answer. */
  readonly timeoutMs: number;
  /** A text that is new is taken when it is still the same after so long. */
  readonly settleMs: number;
  /** Of those who write the file: the machine's, whatever clock the jobs live on. */
  readonly clock: Pick<Clock, 'sleep'>;
}

interface Look extends OwnerText {
  readonly stamp: string;
}

/**
 * A file of this machine, whose generation is a hash of its text. A writer may have flushed only half of it, and
 * half of a file may be a good file without its exemptions: a changed one is taken when two looks agree.
 */
export class LocalFile implements OwnerFile {
  readonly #path: string;
  readonly #options: LocalOptions;
  #taken: Look | undefined;

  constructor(path: string, options: LocalOptions) {
    this.#path = path;
    this.#options = options;
  }

  describe(): string {
    return this.#path;
  }

  async read(): Promise<OwnerText> {
    try {
      const { text, generation } = (await this.#unchanged()) ?? (await this.#settled());
      return { text, generation };
    } catch (error) {
      throw localFileError(this.#path, error);
    }
  }

  /** What was taken before, as long as nobody touched the file: one `stat`. */
  async #unchanged(): Promise<Look | undefined> {
    const stats = await this.#inTime(stat(this.#path, { bigint: true }));
    return stampOf(this.#path, stats) === this.#taken?.stamp ? this.#taken : undefined;
  }

  async #settled(): Promise<Look> {
    const first = await this.#inTime(this.#look());
    await this.#options.clock.sleep(this.#options.settleMs);
    const second = await this.#inTime(this.#look());
    // The times of file systems are coarse, so that two texts may bear the same stamp.
    if (first.stamp !== second.stamp || first.generation !== second.generation) {
      throw new OwnerFileUnavailable(this.#path, 'it is being written');
    }
    this.#taken = second;
    return second;
  }

  async #look(): Promise<Look> {
    // Opened so, a pipe that nobody writes to does not wait for a writer.
    const handle = await open(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stamp = stampOf(this.#path, await handle.stat({ bigint: true }));
      const chunks = handle.createReadStream({ autoClose: false });
      const text = await boundedText(chunks, this.#path, this.#options.maxBytes);
      return { text, generation: createHash('sha256').update(text).digest('hex'), stamp };
    } finally {
      await handle.close();
    }
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.#options;
    const late = () => new OwnerFileUnavailable(this.#path, `no answer within ${timeoutMs} ms`);
    return within(clock, timeoutMs, () => work, late);
  }
}

/** Another one for each write and each replacement: the time of change cannot be set by who writes. */
function stampOf(path: string, stats: BigIntStats): string {
  if (stats.isDirectory()) throw new OwnerFileUnreadable(path, 'it is a folder');
  if (!stats.isFile()) throw new OwnerFileUnreadable(path, 'it is no regular file');
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
}
