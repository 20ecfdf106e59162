import { codeOf } from '../tokens.ts';
import type { Rule } from './rule.ts';

/**
 * In `*.schema.ts` a schema that is exported has its type beside it, under the same name. What is written
 * small is a building block for schemas.
 */
export const schemaAndType: Rule = {
  name: 'schema-and-type',
  check({ path, tokens }) {
    if (!path.endsWith('.schema.ts')) return [];
    const code = codeOf(tokens);
    const types = new Set(code.filter((_, at) => code[at - 1]?.text === 'type').map(({ text }) => text));
    return code.flatMap((token, at) => {
      const [exported, constant, name, equals, zod] = code.slice(at, at + 5).map(({ text }) => text);
      if (exported !== 'export' || constant !== 'const' || equals !== '=' || zod !== 'z') return [];
      if (name === undefined || !/^[A-Z]/.test(name) || types.has(name)) return [];
      const message = `exports the schema ${name} without its type; write: export type ${name} = z.infer<typeof ${name}>`;
      return [{ line: token.line, message }];
    });
  },
};
