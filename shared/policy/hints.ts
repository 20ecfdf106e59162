import type { Path } from './located.ts';

type Details = { readonly nearest?: string; readonly allowed?: string };

/** What people write for yes and no; YAML 1.2 knows only `true` and `false`. */
const YES: readonly unknown[] = [true, 'true', 'on', 'yes', 'y'];
const NO: readonly unknown[] = [false, 'false', 'off', 'no', 'n'];

/** For a flag: `yes` is text, and so is `on`. */
export function flagMeant(found: unknown): Details {
  const nearest = byAnswer(found, 'true', 'false');
  return { allowed: 'true, false', ...(nearest !== undefined && { nearest }) };
}

/** For a mode that is switched on or off. */
export function modeMeant(found: unknown): string | undefined {
  return byAnswer(found, 'enforce', 'observe');
}

function byAnswer(found: unknown, yes: string, no: string): string | undefined {
  const word = typeof found === 'string' ? found.toLowerCase() : found;
  if (YES.includes(word)) return yes;
  return NO.includes(word) ? no : undefined;
}

/** The key that most owners mean who write a bare value where a map of keys belongs. */
const MAPS: ReadonlyMap<PropertyKey, readonly [key: string, example: string]> = new Map([
  ['limit', ['runtime', '30m']],
  ['breaker', ['acts', '50']],
  ['match', ['jobTypes', 'QUERY']],
  ['except', ['principals', 'oncall@example.com']],
  ['retry', ['attempts', '3']],
  ['backoff', ['initial', '1m']],
  ['sensitive', ['detectors', '[credentials]']],
  ['purge', ['after', '15m']],
  ['history', ['acts', '500']],
]);

/** Where a bare duration is most likely meant for that key. */
const DURATIONS: ReadonlySet<string> = new Set(['limit', 'purge']);

/** For a bare value where a map belongs: `limit: 30m` is most likely a `runtime`. */
export function mapMeant(path: Path, found: unknown): Details {
  const word = path.findLast((step) => typeof step === 'string') ?? '';
  const [key, example] = MAPS.get(word) ?? [];
  if (key === undefined) return {};
  const isDuration = DURATIONS.has(word) && typeof found === 'string' && /^\d/.test(found);
  return {
    allowed: `a map of keys, such as ${word}: { ${key}: ${example} }`,
    ...(isDuration && { nearest: `${word}: { ${key}: ${found} }` }),
  };
}
