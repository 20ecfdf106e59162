import { SyntaxKind } from 'typescript/unstable/ast';
import { createScanner } from 'typescript/unstable/ast/scanner';

/** A token of a source file. */
export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'comment' | 'other';
  /** As written; of a string what it means. */
  readonly text: string;
  readonly line: number;
}

/**
 * The tokens of a TypeScript file, so that checks tell code from comments and strings. The compiler's own
 * scanner is used, which TypeScript 7 offers without a parser in this process.
 *
 * @throws SyntaxError for what is no TypeScript
 */
export function tokensOf(source: string, path = 'the text'): readonly Token[] {
  const scanner = createScanner(false, undefined, source);
  const tokens: Token[] = [];
  // For each `${` that is open, how many braces were open then: its `}` goes on with the template.
  const templates: number[] = [];
  let depth = 0;
  let line = 1;
  for (let end = -1; ; end = scanner.getTokenEnd()) {
    let kind = scanner.scan();
    if (kind === SyntaxKind.EndOfFile) return tokens;
    // Of what is no TypeScript the scanner may make tokens without end.
    if (scanner.getTokenEnd() <= end) throw new SyntaxError(`${path}:${line} cannot be read as TypeScript`);
    const isSlash = kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken;
    if (isSlash && startsExpression(tokens)) kind = scanner.reScanSlashToken();
    if (kind === SyntaxKind.CloseBraceToken && templates.at(-1) === depth) {
      templates.pop();
      kind = scanner.reScanTemplateToken(false);
    } else if (kind === SyntaxKind.OpenBraceToken) depth += 1;
    else if (kind === SyntaxKind.CloseBraceToken) depth -= 1;
    if (kind === SyntaxKind.TemplateHead || kind === SyntaxKind.TemplateMiddle) templates.push(depth);
    const text = scanner.getTokenText();
    const told = kindOf(kind, text);
    if (told) tokens.push({ kind: told, text: told === 'string' ? scanner.getTokenValue() : text, line });
    line += text.split('\n').length - 1;
  }
}

/** The tokens without comments. */
export function codeOf(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter(({ kind }) => kind !== 'comment');
}

function kindOf(kind: SyntaxKind, text: string): Token['kind'] | undefined {
  switch (kind) {
    case SyntaxKind.WhitespaceTrivia:
    case SyntaxKind.NewLineTrivia:
      return undefined;
    case SyntaxKind.SingleLineCommentTrivia:
    case SyntaxKind.MultiLineCommentTrivia:
      return 'comment';
    case SyntaxKind.StringLiteral:
      return 'string';
    case SyntaxKind.NoSubstitutionTemplateLiteral:
    case SyntaxKind.TemplateHead:
    case SyntaxKind.TemplateMiddle:
    case SyntaxKind.TemplateTail:
      return 'template';
    default:
      return /^[\w$#]/.test(text) ? 'word' : 'other';
  }
}

const ENDS_EXPRESSION = new Set([')', ']', '}']);
const GOES_ON = new Set(['return', 'typeof', 'case', 'in', 'of', 'await', 'yield', 'throw', 'new', 'else']);

/** Whether a slash here begins a regular expression: after a value it divides. */
function startsExpression(tokens: readonly Token[]): boolean {
  const before = tokens.findLast(({ kind }) => kind !== 'comment');
  if (before === undefined || GOES_ON.has(before.text)) return true;
  if (before.kind === 'template') return !before.text.endsWith('`');
  return before.kind === 'other' && !ENDS_EXPRESSION.has(before.text);
}
