import { statSync } from 'node:fs';

const BETWEEN_CHECKS_MS = 1_000;

/**
 * What was done to a file that is open. `replaced`: another one, or none, lies at its path. `torn`: it is there, and
 * its write-ahead log is not the one that was opened, so that each process sees what it wrote itself.
 */
export type FileLoss = 'replaced' | 'torn';

/** Tells whether the file that was opened still lies at its path. Asks the disk at most once a second. */
export class FileIdentity {
  readonly #path: string;
  readonly #opened: string | undefined;
  /** SQLite leaves it there while anybody has the file open [SQLite: wal.html]. */
  readonly #log: string | undefined;
  #checkedAtMs: number;
  #loss: FileLoss | undefined;

  /** To be made right after opening. What is no file on disk, such as `:memory:`, is never replaced. */
  constructor(path: string, nowMs: number) {
    this.#path = path;
    this.#opened = identityOf(path);
    this.#log = identityOf(logOf(path));
    this.#checkedAtMs = nowMs;
  }

  loss(nowMs: number): FileLoss | undefined {
    if (this.#loss === 'replaced' || this.#opened === undefined) return this.#loss;
    // A clock that was set back must not put off the next check.
    if (Math.abs(nowMs - this.#checkedAtMs) < BETWEEN_CHECKS_MS) return this.#loss;
    this.#checkedAtMs = nowMs;
    if (identityOf(this.#path) !== this.#opened) this.#loss = 'replaced';
    else if (this.#log !== undefined && identityOf(logOf(this.#path)) !== this.#log) this.#loss = 'torn';
    return this.#loss;
  }
}

function logOf(path: string): string {
  return `${path}-wal`;
}

/** Undefined when there is nothing at the path, or it cannot be looked at. */
function identityOf(path: string): string | undefined {
  if (path === ':memory:') return undefined;
  try {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false });
    return found && `${found.dev}:${found.ino}`;
  } catch {
    return undefined;
  }
}
