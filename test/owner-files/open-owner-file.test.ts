import { expect, test } from 'vitest';
import { BucketNameInvalid, OwnerFileAddressInvalid } from '../../shared/owner-files/errors.ts';
import { openOwnerFile } from '../../shared/owner-files/open-owner-file.ts';
import { calmClock } from './calm-clock.ts';

test.each(['policies.yaml', '/etc/policies.yaml', './a b.yaml', 'gs://bucket/a/b.yaml', 'C:\\policies.yaml'])(
  '%s names a file, and nothing is read yet',
  (address) => {
    expect(openOwnerFile(address, { clock: calmClock() }).describe()).toBe(address);
  },
);

test.each(['', ' ', 'gs://bucket', 'gs://bucket/', 'gs:///a', 's3://bucket/a', 'https://x/y'])(
  '%j names none',
  (address) => {
    expect(() => openOwnerFile(address, { clock: calmClock() })).toThrow(
      new OwnerFileAddressInvalid(address),
    );
  },
);

test.each([
  { address: 'gs://b/o', says: /^"gs:\/\/b\/o": the bucket's name "b" is too short; expected 3 to 222 / },
  { address: 'gs://bu/o', says: /"bu" is too short/ },
  { address: 'gs://Bucket/a', says: /"Bucket" cannot be one; expected 3 to 222 lower-case letters/ },
  { address: `gs://${'b'.repeat(223)}/a`, says: /b" cannot be one/ },
])('$address has the form, and its bucket no name that a bucket can have', ({ address, says }) => {
  const open = () => openOwnerFile(address, { clock: calmClock() });
  expect(open).toThrow(BucketNameInvalid);
  expect(open).toThrow(says);
});
