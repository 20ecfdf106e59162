import type { Problem } from '../problem.ts';
import type { SourceFile } from '../source-files.ts';
import { codeOf, type Token } from '../tokens.ts';

/** One rule of the house. A new one is a file that exports this, and a line in `all-rules.ts`. */
export interface Rule {
  readonly name: string;
  /** What breaks the rule in this file. */
  check(file: SourceFile): readonly Finding[];
}

export interface Finding {
  readonly line: number;
  /** What stands there, and what to do instead. */
  readonly message: string;
}

/** What the rules find in a file. */
export function problemsOf(file: SourceFile, rules: readonly Rule[]): readonly Problem[] {
  return rules.flatMap(({ name, check }) =>
    check(file).map(({ line, message }) => ({ path: file.path, line, message: `${message} [${name}]` })),
  );
}

/** The places in code where these tokens follow each other. */
export function sequences(tokens: readonly Token[], words: readonly string[]): readonly Token[] {
  const code = codeOf(tokens);
  return code.filter((_, at) =>
    words.every((word, offset) => {
      const token = code[at + offset];
      return token?.text === word && (token.kind === 'word' || token.kind === 'other');
    }),
  );
}
