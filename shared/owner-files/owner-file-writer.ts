/** Writes a file that the owner keeps. */
export interface OwnerFileWriter {
  /**
   * Replaces the whole of it at once: who reads meanwhile gets the old text or the new one. Only if it still is what
   * was read.
   *
   * @param replacing the generation that was read; undefined: there was no file
   * @throws OwnerFileChanged, OwnerFileForbidden, OwnerFileNotWritten, OwnerFileWriteUnknown
   */
  write(text: string, replacing: string | undefined): Promise<void>;
}
