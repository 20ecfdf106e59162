import { statSync } from 'node:fs';

const BETWEEN_CHECKS_MS = 1_000;

/** Tells whether the file that was opened still lies at its path. Asks the disk at most once a second. */
export class FileIdentity {
  readonly #path: string;
  readonly #opened: string | undefined;
  #checkedAtMs: number;
  #isReplaced = false;

  /** To be made right after opening. What is no file on disk, such as `:memory:`, is never replaced. */
  constructor(path: string, nowMs: number) {
    this.#path = path;
    this.#opened = identityOf(path);
    this.#checkedAtMs = nowMs;
  }

  isReplaced(nowMs: number): boolean {
    if (this.#isReplaced || this.#opened === undefined) return this.#isReplaced;
    // A clock that was set back must not put off the next check.
    if (Math.abs(nowMs - this.#checkedAtMs) < BETWEEN_CHECKS_MS) return false;
    this.#checkedAtMs = nowMs;
    this.#isReplaced = identityOf(this.#path) !== this.#opened;
    return this.#isReplaced;
  }
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
