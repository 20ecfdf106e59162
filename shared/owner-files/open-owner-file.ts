import { OwnerFileAddressInvalid } from './errors.ts';
import { GcsObject, type GcsOptions } from './gcs-object.ts';
import { LocalFile } from './local-file.ts';
import { MAX_OWNER_FILE_BYTES, type OwnerFile } from './owner-file.ts';

const TIMEOUT_MS = 10_000;

/**
 * The file that a setting names: a path, or `gs://BUCKET/OBJECT`. Nothing is read yet.
 *
 * @throws OwnerFileAddressInvalid
 */
export function openOwnerFile(address: string, options: Partial<GcsOptions> = {}): OwnerFile {
  const maxBytes = options.maxBytes ?? MAX_OWNER_FILE_BYTES;
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1];
  if (scheme === undefined) {
    if (address.trim() === '') throw new OwnerFileAddressInvalid(address);
    return new LocalFile(address, maxBytes);
  }
  const parts = /^gs:\/\/([a-z0-9][a-z0-9._-]{1,221})\/(.+)$/s.exec(address);
  const [bucket, object] = [parts?.[1], parts?.[2]];
  if (bucket === undefined || object === undefined) throw new OwnerFileAddressInvalid(address);
  return new GcsObject(bucket, object, { timeoutMs: TIMEOUT_MS, ...options, maxBytes });
}
