import type { MadeUp } from './made-up.ts';

/** A text that a user may put anywhere, and what it is. */
export interface LabelledText {
  readonly what: string;
  readonly text: string;
}

/** Put together from parts: `join('ab', 'cd')`. */
const join = (...parts: readonly string[]): string => parts.join('');

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(made: MadeUp): string {
  const payload = { sub: made.digits(8), iss: 'https://login.shop.example', iat: 1_790_000_000 };
  return [encoded({ alg: 'RS256', typ: 'JWT' }), encoded(payload), made.alnum(86)].join('.');
}

function pem(made: MadeUp, kind: string, lines: number, newline: string): string {
  const body = Array.from({ length: lines }, (_, at) =>
    at === 0 ? `MII${made.base64(61)}` : made.base64(64),
  );
  const mark = (word: string) => join('-----', word, ' ', kind, 'PRIVATE', ' KEY-----');
  return [mark('BEGIN'), ...body, mark('END')].join(newline);
}

/** Secrets that are known by their own form. */
export function tokens(made: MadeUp): readonly LabelledText[] {
  return [
    { what: 'AWS access key id', text: join('AK', 'IA', made.upper(16)) },
    { what: 'AWS temporary key id', text: join('AS', 'IA', made.upper(16)) },
    { what: 'AWS secret key', text: `aws_secret_access_key = ${made.base64(40)}` },
    { what: 'Google API key', text: join('AI', 'za', made.alnum(35)) },
    { what: 'Google access token', text: join('ya', '29.', 'a0', made.alnum(120)) },
    { what: 'Google refresh token', text: join('1/', '/0', made.alnum(60)) },
    { what: 'Google OAuth client secret', text: join('GOC', 'SPX-', made.alnum(28)) },
    { what: 'Cloud Storage HMAC key', text: join('GO', 'OG1E', made.upper(55)) },
    { what: 'GitHub token', text: join('gh', 'p_', made.alnum(36)) },
    { what: 'GitHub server token', text: join('gh', 's_', made.alnum(36)) },
    { what: 'GitHub fine-grained token', text: join('github', '_pat_', made.alnum(22), '_', made.alnum(59)) },
    { what: 'GitLab token', text: join('gl', 'pat-', made.alnum(20)) },
    {
      what: 'Slack bot token',
      text: join('xo', 'xb-', made.digits(12), '-', made.digits(12), '-', made.alnum(24)),
    },
    {
      what: 'Slack user token',
      text: join('xo', 'xp-', made.digits(11), '-', made.digits(11), '-', made.hex(32)),
    },
    {
      what: 'Slack webhook',
      text: join(
        'https://hooks.',
        'slack.com/services/T',
        made.upper(8),
        '/B',
        made.upper(8),
        '/',
        made.alnum(24),
      ),
    },
    { what: 'Stripe key', text: join('sk', '_live_', made.alnum(24)) },
    { what: 'SendGrid key', text: join('S', 'G.', made.alnum(22), '.', made.alnum(43)) },
    { what: 'npm token', text: join('np', 'm_', made.alnum(36)) },
    { what: 'Databricks token', text: join('da', 'pi', made.hex(32)) },
    { what: 'OpenAI key', text: join('sk', '-proj-', made.alnum(48)) },
    { what: 'Azure client secret', text: join(made.alnum(3), '8', 'Q~', made.alnum(34)) },
    { what: 'JSON Web Token', text: jwt(made) },
    { what: 'bearer token', text: `Authorization: Bearer ${made.alnum(40)}` },
    {
      what: 'basic authorization',
      text: `Authorization: Basic ${Buffer.from(`etl:${made.alnum(12)}`).toString('base64')}`,
    },
    { what: 'private key', text: pem(made, 'RSA ', 12, '\n') },
    { what: 'PKCS 8 key with escaped ends of lines', text: pem(made, '', 12, '\\n') },
    { what: 'private key of OpenSSH, cut', text: pem(made, 'OPENSSH ', 3, '\n').slice(0, 120) },
    {
      what: 'service account key',
      text: JSON.stringify({
        type: 'service_account',
        project_id: 'shop-prod',
        private_key_id: made.hex(40),
        private_key: pem(made, '', 8, '\n'),
        client_email: 'etl@shop-prod.iam.gserviceaccount.com',
      }),
    },
    {
      what: 'Tink keyset',
      text: JSON.stringify({
        primaryKeyId: 123,
        key: [
          {
            keyData: { typeUrl: 'type.googleapis.com/google.crypto.tink.AesGcmKey', value: made.base64(24) },
          },
        ],
      }),
    },
    { what: 'address with a password', text: `https://etl:${made.alnum(12)}@files.shop.io/export.csv` },
    { what: 'PostgreSQL address', text: `postgresql://app:${made.alnum(12)}@10.0.0.5:5432/orders` },
    {
      what: 'MongoDB address',
      text: `mongodb+srv://reader:${made.alnum(14)}@cluster0.ab1cd.mongodb.net/shop`,
    },
    { what: 'Redis address without a user', text: `redis://:${made.alnum(12)}@cache.shop.io:6379/0` },
    {
      what: 'JDBC address',
      text: `jdbc:sqlserver://db:1433;databaseName=crm;user=sa;password=${made.alnum(10)}`,
    },
    {
      what: 'ADO connection string',
      text: `Server=tcp:crm.database.windows.net;Database=crm;User Id=report;Pwd=sunflower;`,
    },
    {
      what: 'libpq connection string',
      text: `host=10.0.0.7 port=5432 dbname=crm user=etl password=sunflower`,
    },
    {
      what: 'Azure storage connection string',
      text: `DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=${made.base64(86)}==;`,
    },
    {
      what: 'signed address of Cloud Storage',
      text: join(
        'https://storage.googleapis.com/exports/orders.csv?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Expires=900',
        `&X-Goog-Signature=${made.hex(256)}`,
      ),
    },
    {
      what: 'signed address of S3',
      text: `https://shop.s3.amazonaws.com/orders.csv?X-Amz-Expires=900&X-Amz-Signature=${made.hex(64)}`,
    },
    {
      what: 'shared access signature of Azure',
      text: `https://shop.blob.core.windows.net/exports/orders.csv?sv=2024-11-04&se=2027-01-01&sig=${made.base64(43)}%3D`,
    },
    { what: 'key in an address', text: `https://api.shop.io/v1/orders?api_key=${made.alnum(32)}` },
  ];
}

/** Secrets that are known by what they are called, in GoogleSQL. */
export function assignments(made: MadeUp): readonly LabelledText[] {
  const secret = made.alnum(14);
  return [
    { what: 'compared with a literal', text: `SELECT * FROM crm.users WHERE password = '${secret}'` },
    { what: 'a plain word as a password', text: `SELECT * FROM crm.users WHERE u.pwd = 'sunflower'` },
    {
      what: 'a passphrase',
      text: `SELECT * FROM crm.users WHERE passphrase = 'correct horse battery staple'`,
    },
    { what: 'in a list', text: `SELECT * FROM crm.users WHERE password IN ('${secret}', 'b')` },
    { what: 'a declared variable', text: `DECLARE api_key STRING DEFAULT '${secret}';\nSELECT api_key` },
    { what: 'a variable that is set', text: `DECLARE s STRING;\nSET client_secret = "${secret}";` },
    { what: 'JSON in a literal', text: `SELECT JSON '{"user": "etl", "password": "${secret}"}'` },
    { what: 'JSON with escaped quotes', text: `SELECT PARSE_JSON("{\\"client_secret\\": \\"${secret}\\"}")` },
    { what: 'a literal called a password', text: `SELECT STRUCT('etl' AS user, '${secret}' AS db_password)` },
    {
      what: 'a query for another database',
      text: `SELECT * FROM EXTERNAL_QUERY('eu.crm', "ALTER USER etl WITH PASSWORD '${secret}'")`,
    },
    {
      what: 'doubled quotes in a literal',
      text: `SELECT * FROM EXTERNAL_QUERY('eu.crm', 'SELECT 1 FROM u WHERE passwd=''${secret}''')`,
    },
    { what: 'a comment', text: `-- login etl, password: ${secret}\nSELECT 1` },
    { what: 'a comment of more lines', text: `/*\n connect with\n  SECRET_KEY=${secret}\n*/ SELECT 1` },
    { what: 'prose in a comment', text: `-- the db password is ${secret}, ask Jane\nSELECT 1` },
    { what: 'bytes written as hex', text: `SET encryption_key = FROM_HEX('${made.hex(64)}')` },
    { what: 'a file that was pasted by mistake', text: `user: etl\napi_key=${made.alnum(32)}\nregion: eu` },
    { what: 'a comment with a sharp', text: `# export API_TOKEN=${secret}\nSELECT 1` },
    { what: 'a command in a comment', text: `-- mysql --user etl --password=${secret} crm\nSELECT 1` },
    {
      what: 'options of an export',
      text: `EXPORT DATA OPTIONS (uri = 'x', secret_key = '${secret}') AS SELECT 1`,
    },
    { what: 'XML', text: `SELECT '<login><password>${secret}</password></login>'` },
    { what: 'a user of another database', text: `SELECT 'CREATE USER etl IDENTIFIED BY "${secret}"'` },
  ];
}
