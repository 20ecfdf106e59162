import { BucketNameInvalid, OwnerFileAddressInvalid } from './errors.ts';
import { GcsObject, type GcsOptions } from './gcs-object.ts';
import { LocalFile, type LocalOptions } from './local-file.ts';
import { MAX_OWNER_FILE_BYTES, type OwnerFile } from './owner-file.ts';

/** [Cloud Storage: bucket names] */
const BUCKET = /^[a-z0-9][a-z0-9._-]{2,221}$/;
const TIMEOUT_MS = 10_000;
const SETTLE_MS = 1_000;

type Options = GcsOptions & LocalOptions;
/** What differs from the usual, and the clock: that of those who keep the file. */
export type OwnerFileOptions = Partial<Options> & Pick<Options, 'clock'>;

/**
 * The file that a setting names: a path, or `gs://BUCKET/OBJECT`. Nothing is read yet.
 *
 * @throws OwnerFileAddressInvalid, BucketNameInvalid
 */
export function openOwnerFile(address: string, given: OwnerFileOptions): OwnerFile {
  const options: Options = {
    maxBytes: MAX_OWNER_FILE_BYTES,
    timeoutMs: TIMEOUT_MS,
    settleMs: SETTLE_MS,
    ...given,
  };
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1];
  if (scheme === undefined) {
    if (address.trim() === '') throw new OwnerFileAddressInvalid(address);
    return new LocalFile(address, options);
  }
  const parts = /^gs:\/\/([^/]+)\/(.+)$/s.exec(address);
  const [bucket, object] = [parts?.[1], parts?.[2]];
  if (bucket === undefined || object === undefined) throw new OwnerFileAddressInvalid(address);
  if (!BUCKET.test(bucket)) throw new BucketNameInvalid(address, bucket);
  return new GcsObject(bucket, object, options);
}
