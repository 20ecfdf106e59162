/** A filter of Cloud Logging, as far as ours go: `path="value"`, `path=("a" OR "b")`, `path:*`, `path>="value"`. */
export type Filter = (entry: unknown) => boolean;

/**
 * Reads a filter. AND and OR side by side are refused: Cloud Logging lets OR bind closer than AND
 * [Logging query language: Boolean operators], which nobody expects.
 */
export function loggingFilter(text: string): Filter {
  const tokens = text.match(/"[^"]*"|[()]|>=|[=:*]|[^\s()=:*>"]+/g) ?? [];
  let at = 0;
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`expected ${expected ?? 'more'} instead of ${token} in ${text}`);
    return token;
  };

  function expression(): Filter {
    const terms = [term()];
    const operator = tokens[at];
    while (tokens[at] === 'AND' || tokens[at] === 'OR') {
      if (take() !== operator) throw new Error(`AND and OR side by side in ${text}`);
      terms.push(term());
    }
    return operator === 'OR'
      ? (entry) => terms.some((holds) => holds(entry))
      : (entry) => terms.every((holds) => holds(entry));
  }

  function term(): Filter {
    if (tokens[at] === '(') return enclosed(expression);
    let path = take();
    while (path.endsWith('.') || tokens[at]?.startsWith('.')) path += take();
    const operator = take();
    if (operator === ':') {
      take('*');
      return (entry) => valueAt(entry, path) !== undefined;
    }
    const values = tokens[at] === '(' ? enclosed(alternatives) : [take()];
    const wanted = values.map((value) => value.slice(1, -1));
    return operator === '='
      ? (entry) => wanted.some((value) => valueAt(entry, path) === value)
      : (entry) => wanted.some((value) => String(valueAt(entry, path)) >= value);
  }

  function alternatives(): string[] {
    const values = [take()];
    while (tokens[at] === 'OR') {
      take();
      values.push(take());
    }
    return values;
  }

  function enclosed<T>(read: () => T): T {
    take('(');
    const inside = read();
    take(')');
    return inside;
  }

  const filter = expression();
  if (at < tokens.length) throw new Error(`more than one expression in ${text}`);
  return filter;
}

/** A segment in quotes is one, whatever stands in it. */
function valueAt(entry: unknown, path: string): unknown {
  const keys = (path.match(/"[^"]*"|[^."]+/g) ?? []).map((key) => key.replaceAll('"', ''));
  return keys.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    entry,
  );
}
