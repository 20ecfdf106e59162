import { BucketNameInvalid, OwnerFileAddressInvalid } from './errors.ts';
import { GcsObject, type GcsOptions } from './gcs-object.ts';
import { GcsWriter } from './gcs-writer.ts';
import { LocalFile, type LocalOptions } from './local-file.ts';
import { LocalWriter } from './local-writer.ts';
import { MAX_OWNER_FILE_BYTES, type OwnerFile } from './owner-file.ts';
import type { OwnerFileWriter } from './owner-file-writer.ts';

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
  const options = optionsOf(given);
  const place = placeOf(address);
  return place.kind === 'local'
    ? new LocalFile(place.path, options)
    : new GcsObject(place.bucket, place.object, options);
}

/**
 * What replaces that file.
 *
 * @throws OwnerFileAddressInvalid, BucketNameInvalid
 */
export function openOwnerFileWriter(address: string, given: OwnerFileOptions): OwnerFileWriter {
  const options = optionsOf(given);
  const place = placeOf(address);
  return place.kind === 'local'
    ? new LocalWriter(place.path, new LocalFile(place.path, options))
    : new GcsWriter(place.bucket, place.object, options);
}

function optionsOf(given: OwnerFileOptions): Options {
  return { maxBytes: MAX_OWNER_FILE_BYTES, timeoutMs: TIMEOUT_MS, settleMs: SETTLE_MS, ...given };
}

type Place =
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'gcs'; readonly bucket: string; readonly object: string };

function placeOf(address: string): Place {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(address)?.[1];
  if (scheme === undefined) {
    if (address.trim() === '') throw new OwnerFileAddressInvalid(address);
    return { kind: 'local', path: address };
  }
  const parts = /^gs:\/\/([^/]+)\/(.+)$/s.exec(address);
  const [bucket, object] = [parts?.[1], parts?.[2]];
  if (bucket === undefined || object === undefined) throw new OwnerFileAddressInvalid(address);
  if (!BUCKET.test(bucket)) throw new BucketNameInvalid(address, bucket);
  return { kind: 'gcs', bucket, object };
}
