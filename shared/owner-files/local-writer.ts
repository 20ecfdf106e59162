import { type FileHandle, lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  OwnerFileChanged,
  OwnerFileError,
  OwnerFileForbidden,
  OwnerFileMissing,
  OwnerFileNotWritten,
} from './errors.ts';
import type { OwnerFile } from './owner-file.ts';
import type { OwnerFileWriter } from './owner-file-writer.ts';

const NEW_FILE_MODE = 0o644;

/**
 * A file of this machine. The new text is written beside it, to the disk, and takes its place in one step. While the
 * file beside it exists no second writer begins, so that none overwrites what another has written.
 */
export class LocalWriter implements OwnerFileWriter {
  readonly #path: string;
  readonly #reader: OwnerFile;

  /** @param reader of the same file */
  constructor(path: string, reader: OwnerFile) {
    this.#path = path;
    this.#reader = reader;
  }

  async write(text: string, replacing: string | undefined): Promise<void> {
    try {
      // A link stays a link: what it leads to is written.
      const path = replacing === undefined ? await this.#newPath() : await realpath(this.#path);
      await this.#writeBeside(path, text, replacing);
    } catch (error) {
      throw error instanceof OwnerFileError ? error : this.#refused(error);
    }
  }

  /** A link whose file is missing would give way to a new file, of which whoever reads what it leads to sees nothing. */
  async #newPath(): Promise<string> {
    if (!(await isLink(this.#path))) return this.#path;
    const why = `it is a link to what is not there (${await readlink(this.#path)}); make that file, or remove the link`;
    throw new OwnerFileNotWritten(this.#path, why);
  }

  async #writeBeside(path: string, text: string, replacing: string | undefined): Promise<void> {
    const beside = join(dirname(path), `.${basename(path)}.new`);
    const handle = await this.#alone(beside);
    try {
      try {
        await handle.writeFile(text);
        if (replacing !== undefined) await handle.chmod((await stat(path)).mode);
        await handle.sync();
      } finally {
        await handle.close();
      }
      if ((await this.#generation()) !== replacing) throw new OwnerFileChanged(this.#path);
      await rename(beside, path);
    } catch (error) {
      await rm(beside, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  }

  async #alone(beside: string): Promise<FileHandle> {
    try {
      return await open(beside, 'wx', NEW_FILE_MODE);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const why = `somebody else is writing it; if nobody is, an earlier one was cut off: remove ${beside}, and ask again`;
      throw new OwnerFileNotWritten(this.#path, why);
    }
  }

  async #generation(): Promise<string | undefined> {
    try {
      return (await this.#reader.read()).generation;
    } catch (error) {
      if (error instanceof OwnerFileMissing) return undefined;
      throw error;
    }
  }

  #refused(error: unknown): Error {
    const code = codeOf(error);
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      return new OwnerFileForbidden(this.#path, 'give yourself the right to write in its folder', 'written');
    }
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'its folder does not exist' : code;
    return new OwnerFileNotWritten(this.#path, why, { cause: error });
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown fault';
}

/** So that the new name survives a loss of power. Not every file system can. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}
