import { codeOf, type Token } from './tokens.ts';

/** One import of a file: of values or types, a re-export, or `import()` in code or in a type. */
export interface Import {
  /** Undefined where it is computed. */
  readonly specifier: string | undefined;
  readonly line: number;
  /** When the imported module is loaded: `never` for types, `later` for `import()`. */
  readonly loads: 'at-once' | 'later' | 'never';
  /** What stands between `import` and `from`. */
  readonly clause: string;
}

/** Every import in these tokens, in their order. */
export function importsOf(all: readonly Token[]): readonly Import[] {
  const tokens = codeOf(all);
  return tokens.flatMap((token, at) => {
    if (token.kind !== 'word' || tokens[at - 1]?.text === '.') return [];
    if (token.text === 'require' && tokens[at + 1]?.text === '(') return [called(tokens, at, 'at-once')];
    if (token.text === 'import' && tokens[at + 1]?.text === '(')
      return [called(tokens, at, loading(tokens, at))];
    if (token.text === 'import' && tokens[at + 1]?.text !== '.') return declared(tokens, at);
    if (token.text === 'export' && ['{', '*', 'type'].includes(tokens[at + 1]?.text ?? '')) {
      return declared(tokens, at);
    }
    return [];
  });
}

function called(tokens: readonly Token[], at: number, loads: Import['loads']): Import {
  const argument = tokens[at + 2];
  const closed = [')', ','].includes(tokens[at + 3]?.text ?? '');
  const specifier = argument?.kind === 'string' && closed ? argument.text : undefined;
  return { specifier, line: tokens[at]?.line ?? 0, loads, clause: '' };
}

/** In a type, `import('…')` stands after what introduces a type, and no module is loaded. */
function loading(tokens: readonly Token[], at: number): Import['loads'] {
  const before = tokens[at - 1]?.text ?? '';
  return [':', '|', '&', '<', 'typeof', 'as', 'satisfies', 'keyof', 'extends'].includes(before)
    ? 'never'
    : 'later';
}

/** `import … from '…'`, `import '…'`, `export … from '…'`; none for an export of the file's own. */
function declared(tokens: readonly Token[], at: number): readonly Import[] {
  const clause: string[] = [];
  for (let next = at + 1; next < tokens.length; next++) {
    const token = tokens[next];
    if (token === undefined || token.text === ';' || token.text === '=') return [];
    if (token.kind === 'string') {
      const isImport = tokens[at]?.text === 'import' || tokens[next - 1]?.text === 'from';
      const loads = clause[0] === 'type' && clause[1] !== 'from' ? 'never' : 'at-once';
      return isImport
        ? [
            {
              specifier: token.text,
              line: token.line,
              loads,
              clause: clause.join(' ').replace(/ ?from$/, ''),
            },
          ]
        : [];
    }
    clause.push(token.text);
  }
  return [];
}
