import { expect, test } from 'vitest';
import { OwnerFileAddressInvalid } from '../../shared/owner-files/errors.ts';
import { openOwnerFile } from '../../shared/owner-files/open-owner-file.ts';
import { calmClock } from './calm-clock.ts';

test.each(['policies.yaml', '/etc/policies.yaml', './a b.yaml', 'gs://bucket/a/b.yaml', 'C:\\policies.yaml'])(
  '%s names a file, and nothing is read yet',
  (address) => {
    expect(openOwnerFile(address, { clock: calmClock() }).describe()).toBe(address);
  },
);

test.each([
  '',
  ' ',
  'gs://bucket',
  'gs://bucket/',
  'gs:///a',
  'gs://Bucket/a',
  's3://bucket/a',
  'https://x/y',
])('%j names none', (address) => {
  expect(() => openOwnerFile(address, { clock: calmClock() })).toThrow(new OwnerFileAddressInvalid(address));
});
