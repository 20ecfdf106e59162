/** What a file held when it was read. `generation` tells one content from another, and is otherwise opaque. */
export interface OwnerText {
  readonly text: string;
  readonly generation: string;
}

/** A file that the owner keeps: policies, holds. Read again whenever what it says matters. */
export interface OwnerFile {
  /**
   * Reads the whole of it, within a bound. One attempt: whether to try again is the caller's to decide.
   *
   * @throws OwnerFileMissing, OwnerFileForbidden, OwnerFileUnreadable, OwnerFileTooLarge, OwnerFileUnavailable, and
   *   nothing else
   */
  read(): Promise<OwnerText>;
  /** How people name it: its path or `gs://` address. */
  describe(): string;
}

/** Larger files are not read to their end: a policy file is refused at this size anyhow. */
export const MAX_OWNER_FILE_BYTES = 4 * 1024 * 1024;
