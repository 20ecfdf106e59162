import { MadeUp } from './made-up.ts';

/** For each rule of the library a text that it finds something in, put together from parts. */
export function ruleSamples(): readonly { readonly id: string; readonly text: string }[] {
  const made = new MadeUp(7);
  const join = (...parts: readonly string[]): string => parts.join('');
  const sample = (id: string, ...parts: readonly string[]) => ({ id, text: join(...parts) });
  const onePassword = Buffer.from(
    JSON.stringify({ email: made.alnum(80), key: made.alnum(40), x: {} }),
  ).toString('base64');
  return [
    sample('aws', 'AK', 'IA', made.upper(16)),
    sample('aws', 'aws_secret_access_key = ', made.base64(40)),
    sample('1password', 'ops', '_', onePassword),
    sample('anthropic', 'sk-', 'ant-api03-', made.alnum(93), 'AA'),
    sample('cloudflare', 'cf', 'k_', made.alnum(40), made.hex(8)),
    sample('databricks', 'da', 'pi', made.hex(32)),
    sample('docker', 'dckr', '_pat_', made.alnum(27)),
    sample('figma', 'fig', 'd_', made.alnum(40)),
    sample('github', 'gh', 'o_', made.alnum(36)),
    sample('gitlab', 'gl', 'pat-', made.alnum(20)),
    sample('grafana', 'gl', 'sa_', made.alnum(32), '_', made.hex(8)),
    sample('groq', 'gs', 'k_', made.alnum(52)),
    sample('hashicorp-vault', 'hv', 's.', made.alnum(95)),
    sample('huggingface', 'h', 'f_', made.of('abcdefghijkmnABCDEFGHJK', 34)),
    sample('linear', 'lin', '_api_', made.alnum(40)),
    sample('notion', 'nt', 'n_', made.digits(11), made.alnum(35)),
    sample('npm', 'np', 'm_', made.alnum(36)),
    sample('openai', 'sk', '-', made.alnum(20), 'T3Blbk', 'FJ', made.alnum(20)),
    sample('sendgrid', 'S', 'G.', made.alnum(22), '.', made.alnum(43)),
    sample('shopify', 'shp', 'at_', made.alnum(32)),
    sample('slack', 'xo', 'xb-', made.digits(12), '-', made.digits(12), '-', made.alnum(24)),
    sample(
      'slack',
      'https://hooks.',
      'slack.com/services/T',
      made.upper(8),
      '/B',
      made.upper(8),
      '/',
      made.alnum(24),
    ),
    sample('stripe', 'rk', '_live_', made.alnum(24)),
    sample('tailscale', 'ts', 'key-auth-', made.alnum(12), '-', made.alnum(32)),
    sample('vercel', 'vc', 'p_', made.alnum(24)),
  ];
}
