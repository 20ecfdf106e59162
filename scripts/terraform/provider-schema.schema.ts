import * as z from 'zod';

/** A type of Terraform's, in its JSON form: `"string"`, `["list", "string"]`. */
const Type = z.union([
  z.enum(['string', 'number', 'bool']),
  z.tuple([z.enum(['list', 'set', 'map']), z.enum(['string', 'number', 'bool'])]),
]);
export type Type = z.infer<typeof Type>;

export const Attribute = z.strictObject({
  type: Type,
  /** Whether the configuration must or may set it; `both` is set by Google where it is not. */
  set: z.enum(['must', 'may', 'never', 'both']),
});
export type Attribute = z.infer<typeof Attribute>;

export const Block = z.strictObject({
  attributes: z.record(z.string(), Attribute),
  blocks: z.record(
    z.string(),
    z.strictObject({
      nesting: z.enum(['single', 'list', 'set']),
      required: z.boolean(),
      many: z.boolean(),
      get block() {
        return Block;
      },
    }),
  ),
});
export type Block = z.infer<typeof Block>;

const Blocks = z.record(z.string(), Block);

/** `terraform/provider-schema.json`: what of the provider's schema the configuration uses, and whence it is. */
export const ProviderSchema = z.strictObject({
  source: z.string(),
  providerVersion: z.string(),
  provider: Block,
  resources: Blocks,
  dataSources: Blocks,
});
export type ProviderSchema = z.infer<typeof ProviderSchema>;
