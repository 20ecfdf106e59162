import type { LabelledText } from './credential-texts.ts';
import type { MadeUp } from './made-up.ts';

const join = (...parts: readonly string[]): string => parts.join('');

/** Texts that look like something and are nothing, to be put anywhere. */
export function harmlessTexts(made: MadeUp): readonly LabelledText[] {
  return [
    { what: 'an order number of sixteen digits', text: made.luhn('4539', 16, 1) },
    { what: 'an order number of the length of a card, of no issuer', text: made.luhn('7123', 16) },
    { what: 'an order number in fours', text: (made.luhn('5412', 16, 3).match(/.{4}/g) ?? []).join('-') },
    { what: 'a timestamp in microseconds', text: `17900000${made.digits(8)}` },
    { what: 'a timestamp in milliseconds', text: `17900${made.digits(8)}` },
    { what: 'a date and time in one piece', text: '20261124130838' },
    { what: 'a barcode', text: '4006381333931' },
    { what: 'the id of a device', text: '353918052107063' },
    { what: 'a hash of 64 bits', text: `-${made.luhn('4', 19)}` },
    { what: 'an id of nineteen digits', text: made.luhn('6759', 19) },
    { what: 'an id of ten digits', text: made.digits(10) },
    { what: 'a telephone number', text: '+1 (212) 555-0142' },
    { what: 'a UUID', text: made.uuid() },
    { what: 'an MD5', text: made.hex(32) },
    { what: 'a SHA-1', text: made.hex(40) },
    { what: 'a SHA-256', text: made.hex(64) },
    { what: 'a commit', text: made.hex(7) },
    { what: 'base64 of nothing', text: made.base64(44) },
    { what: 'a public bucket', text: 'gs://gcp-public-data-landsat/LC08/01/044/034/scene.csv' },
    { what: 'a public dataset', text: 'bigquery-public-data.github_repos.commits' },
    {
      what: 'an address without a password',
      text: 'https://console.cloud.google.com/bigquery?project=shop&ws=!1m5',
    },
    { what: 'an address with a port', text: 'http://metadata.google.internal:80/computeMetadata/v1' },
    { what: 'an address with a sample password', text: 'postgres://user:password@localhost:5432/db' },
    {
      what: 'an address with a variable for a password',
      text: join('https://etl:$', '{DB_PASSWORD}@db.shop.io/x'),
    },
    { what: 'AWS’s sample key', text: join('AKIA', 'IOSFODNN7', 'EXAMPLE') },
    {
      what: 'AWS’s sample secret',
      text: join('aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYEXAMPLEKEY'),
    },
    { what: 'a token that is left out', text: join('gh', 'p_', 'x'.repeat(36)) },
    { what: 'an API key that is left out', text: join('AI', 'za', 'X'.repeat(35)) },
    {
      what: 'a public key',
      text: join('-----BEGIN ', `PUBLIC KEY-----\nMII${made.base64(61)}\n-----END PUBLIC KEY-----`),
    },
    { what: 'a certificate', text: join('-----BEGIN ', `CERTIFICATE-----\nMII${made.base64(61)}`) },
    {
      what: 'a private key that is left out',
      text: join('-----BEGIN ', 'PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----'),
    },
    {
      what: 'the number of a secret in Secret Manager',
      text: 'projects/1234567890/secrets/crm-password/versions/3',
    },
    { what: 'words about tokens', text: 'the bearer token is checked by the gateway, basic auth is refused' },
    { what: 'words about passwords', text: 'Password: must have at least 12 characters, see the handbook' },
    { what: 'words about a secret', text: 'secret: rotated every month by the platform team' },
    { what: 'an account number with wrong check digits', text: 'DE88 3704 0044 0532 0130 00' },
    { what: 'an account number that is too short', text: 'GB82WEST1234569876543' },
    { what: 'the name of a part', text: 'DE12-AB34-0099' },
    { what: 'a number of social security never given', text: '000-12-3456' },
    { what: 'another never given', text: '666-12-3456' },
    { what: 'a taxpayer’s number', text: '987-65-4321' },
    { what: 'the number of an advertisement', text: join('078', '-05-', '1120') },
    { what: 'the number of a part', text: 'SKU-123-45-6789' },
    { what: 'a range of dates', text: '2026-11-24 to 2026-12-01' },
    { what: 'a service account', text: 'etl-nightly@shop-prod.iam.gserviceaccount.com' },
    { what: 'a repository', text: 'git@github.com:shop/etl.git' },
    { what: 'a picture for dense screens', text: 'logo@2x.png' },
    { what: 'a version of a package', text: 'lodash@4.17.21' },
    { what: 'a machine', text: 'root@worker-1.local' },
    { what: 'a pattern for addresses', text: '%@example.com' },
    { what: 'IP addresses', text: '192.168.100.200, 10.20.30.40, 2001:db8::8a2e:370:7334' },
    { what: 'a name with a long id', text: `events_${made.digits(8)}_${made.hex(12)}` },
  ];
}

/** Queries in which the words of secrets name columns, or what is masked. */
export function harmlessQueries(): readonly LabelledText[] {
  return [
    { what: 'a parameter', text: 'SELECT * FROM u WHERE password = @password AND token=@token' },
    {
      what: 'columns',
      text: 'SELECT u.password, u.secret FROM u JOIN v ON u.pwd=v.pwd2 AND u.api_key = v.api_key_v2',
    },
    {
      what: 'a hash of a column',
      text: 'UPDATE u SET password = TO_HEX(SHA256(CONCAT(salt, pwd))) WHERE TRUE',
    },
    {
      what: 'nothing',
      text: "SELECT * FROM u WHERE password = '' OR password IS NULL OR secret != 'x1y2z3w4'",
    },
    { what: 'masks', text: "SELECT '***' AS password, 'hidden' AS secret, 'REDACTED' AS api_key FROM u" },
    { what: 'a placeholder', text: "SET api_key = 'YOUR_API_KEY'; SET password = '<password>';" },
    {
      what: 'a variable of a template',
      text: join("WHERE password = '{{ params.password }}' AND secret = '$", "{SECRET}'"),
    },
    { what: 'a type of event', text: "WHERE event = 'password_reset' AND password_reset_at > '2026-01-01'" },
    {
      what: 'a definition',
      text: 'CREATE TABLE u (password STRING, api_key STRING OPTIONS (description="the key"))',
    },
    { what: 'a flag', text: "SELECT COUNTIF(has_password = TRUE), IF(secret = 'true', 1, 0) FROM u" },
    { what: 'a reference to a secret', text: "SET secret = 'projects/shop/secrets/crm-key/versions/latest'" },
    { what: 'the name of a secret', text: "SET client_secret = 'prod-crm-secret-v2'" },
    { what: 'keys of tables', text: "WHERE primary_key = 'a1b2c3d4e5' AND partition_key='2026-11-24'" },
    { what: 'a token of a page', text: "WHERE next_page_token = 'CAESBwoFa1b2c3'" },
    { what: 'words in a text', text: "WHERE token = 'word2vec' AND lemma = 'secret'" },
    { what: 'functions with keys', text: 'SELECT AEAD.DECRYPT_STRING(keyset, ciphertext, aad) FROM keys' },
    { what: 'a condition on addresses', text: "WHERE REGEXP_CONTAINS(email, r'^[a-z.]+@[a-z]+\\.com$')" },
    {
      what: 'dates',
      text: "WHERE d BETWEEN DATE '2026-01-01' AND DATE '2026-12-31' AND t > TIMESTAMP_MICROS(1790000000000000)",
    },
    { what: 'lists of ids', text: 'WHERE order_id IN (1000234567, 1000234568, 2000234569, 4000234570)' },
    { what: 'system variables', text: "SET @@dataset_id = 'shop'; SELECT @@session_id, @p.name" },
    { what: 'a pattern for numbers', text: "WHERE REGEXP_CONTAINS(x, r'\\b\\d{3}-\\d{2}-\\d{4}\\b')" },
    {
      what: 'farm fingerprints',
      text: 'WHERE FARM_FINGERPRINT(id) IN (-4571234567890123456, 6759649826438453129)',
    },
    {
      what: 'a script that grants',
      text: 'GRANT `roles/bigquery.dataViewer` ON SCHEMA d TO "group:analysts"',
    },
    { what: 'a comment about a bug', text: '-- password: b/12345678, secret: go/crm-2026\nSELECT 1' },
  ];
}
