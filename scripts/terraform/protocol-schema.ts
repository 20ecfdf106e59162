import type { Block, ProviderSchema } from './provider-schema.schema.ts';

const NESTING = { single: 1, list: 2, set: 3 } as const;

/** The provider's schema as `provider.proto` has it. */
export function protocolSchema({ provider, resources, dataSources }: ProviderSchema): object {
  return {
    provider: { block: protocolBlock(provider) },
    resource_schemas: everyBlock(resources),
    data_source_schemas: everyBlock(dataSources),
  };
}

function everyBlock(blocks: Readonly<Record<string, Block>>): object {
  return Object.fromEntries(
    Object.entries(blocks).map(([type, block]) => [type, { block: protocolBlock(block) }]),
  );
}

function protocolBlock({ attributes, blocks }: Block): object {
  return {
    attributes: Object.entries(attributes).map(([name, { type, set }]) => ({
      name,
      type: Buffer.from(JSON.stringify(type)),
      required: set === 'must',
      optional: set === 'may' || set === 'both',
      computed: set === 'never' || set === 'both',
    })),
    block_types: Object.entries(blocks).map(([type_name, { nesting, required, many, block }]) => ({
      type_name,
      block: protocolBlock(block),
      nesting: NESTING[nesting],
      // A single block has no bounds in the protocol.
      min_items: required && nesting !== 'single' ? 1 : 0,
      max_items: many || nesting === 'single' ? 0 : 1,
    })),
  };
}
