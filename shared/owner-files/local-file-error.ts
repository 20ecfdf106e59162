import { OwnerFileError, OwnerFileForbidden, OwnerFileMissing, OwnerFileUnreadable } from './errors.ts';

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
    default:
      return new OwnerFileUnreadable(path, code, { cause: error });
  }
}
