import { ApiError } from './api-error.ts';

/** What of an answer is asked for: of each field (`*`: of every field) all, or a part. */
export type FieldMask = ReadonlyMap<string, FieldMask | 'all'>;

/**
 * Reads the standard parameter `fields` [doc: bigquery/docs/api-performance, Partial response]: `a,b`, `a/b`,
 * `a(b,c/d)`, and `*` in the place of a name. Throws the 400 of Google for what is none.
 */
export function parseFieldMask(text: string): FieldMask {
  const rest = { tokens: text.match(/[(),/]|[^(),/]+/g) ?? [] };
  const mask = selections(rest);
  if (rest.tokens.length > 0) throw invalidSelection(rest.tokens.join(''));
  return mask;
}

/** The tokens that are not read yet. */
interface Rest {
  readonly tokens: string[];
}

type OpenMask = Map<string, FieldMask | 'all'>;

function selections(rest: Rest): OpenMask {
  const mask: OpenMask = new Map();
  do {
    const [name, part] = selection(rest);
    const before = mask.get(name);
    mask.set(name, before === undefined ? part : eitherOf(before, part));
  } while (taken(rest, ','));
  return mask;
}

function selection(rest: Rest): [string, FieldMask | 'all'] {
  const name = rest.tokens.shift() ?? '';
  if (!/^(?:\*|[A-Za-z_$][\w$-]*)$/.test(name)) throw invalidSelection(name);
  if (taken(rest, '/')) return [name, new Map([selection(rest)])];
  if (!taken(rest, '(')) return [name, 'all'];
  const part = selections(rest);
  if (!taken(rest, ')')) throw invalidSelection(rest.tokens.join('') || name);
  return [name, part];
}

function taken({ tokens }: Rest, token: string): boolean {
  if (tokens[0] !== token) return false;
  tokens.shift();
  return true;
}

/** What either of them asks for: `a/b,a/c` is `a(b,c)`, and `a,a/b` is `a`. */
export function eitherOf(one: FieldMask | 'all', other: FieldMask | 'all'): FieldMask | 'all' {
  if (one === 'all' || other === 'all') return 'all';
  const both: OpenMask = new Map(one);
  for (const [name, part] of other) {
    const before = both.get(name);
    both.set(name, before === undefined ? part : eitherOf(before, part));
  }
  return both;
}

/** The 400 of Google's front end; of a path it names the part that is wrong. */
export function invalidSelection(what: string): ApiError {
  return new ApiError({
    code: 400,
    reason: 'invalidParameter',
    message: `Invalid field selection ${what}`,
    location: 'fields',
  });
}
