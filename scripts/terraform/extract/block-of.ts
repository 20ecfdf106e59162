import type { Attribute, Block, Type } from '../provider-schema.schema.ts';
import type { Bindings, Field } from './bindings.ts';

const SCALARS: Readonly<Record<string, 'string' | 'number' | 'bool'>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
};

const READS: Readonly<Record<string, Type>> = {
  String: 'string',
  Number: 'number',
  Boolean: 'bool',
  StringMap: ['map', 'string'],
  List: ['list', 'string'],
};

/** Google sets these where the configuration does not, whatever the resource. */
const FILLED_IN = ['id', 'project'];

/** The block of a resource, a data source or the provider. */
export function topBlock(bindings: Bindings): Block {
  const code = bindings.code.get(bindings.resourceClass) ?? '';
  return blockOf(bindings.config, code, code, bindings);
}

/**
 * @param reading the class with the getters of what the block has
 * @param writing the code that tells lists from sets
 */
function blockOf(name: string, reading: string, writing: string, bindings: Bindings): Block {
  const attributes: Record<string, Attribute> = {};
  const blocks: Block['blocks'] = {};
  for (const field of bindings.interfaces.get(name) ?? []) {
    const inner = field.type.replace('[]', '');
    const type = typeOf(field, writing);
    if (type !== undefined) attributes[field.name] = { type, set: setting(field) };
    else if (bindings.interfaces.has(inner)) blocks[field.name] = nested(field, inner, writing, bindings);
  }
  for (const [, read = '', attribute = ''] of reading.matchAll(/this\.get(\w+)Attribute\('(\w+)'\)/g)) {
    const type = READS[read];
    if (type !== undefined && !(attribute in attributes)) attributes[attribute] = { type, set: 'never' };
  }
  return { attributes, blocks };
}

function setting({ name, optional }: Field): Attribute['set'] {
  if (!optional) return 'must';
  return FILLED_IN.includes(name) ? 'both' : 'may';
}

function nested(field: Field, inner: string, writing: string, bindings: Bindings): Block['blocks'][string] {
  const writer = bindings.code.get(`${inner.charAt(0).toLowerCase()}${inner.slice(1)}ToHclTerraform`) ?? '';
  const reader = bindings.code.get(`${inner}OutputReference`) ?? '';
  const kind = inner.endsWith('Timeouts') ? 'single' : isSet(field.name, writing) ? 'set' : 'list';
  return {
    nesting: kind,
    required: !field.optional,
    many: field.type.endsWith('[]'),
    block: blockOf(inner, reader, writer, bindings),
  };
}

function typeOf({ name, type }: Field, writing: string): Type | undefined {
  const scalar = SCALARS[type];
  if (scalar !== undefined) return scalar;
  const element = SCALARS[/^(\w+)\[\]$/.exec(type)?.[1] ?? ''];
  if (element !== undefined) return [isSet(name, writing) ? 'set' : 'list', element];
  const value = /^\{\s*\[key: string\]: (\w+)/.exec(type)?.[1];
  return value === undefined ? undefined : ['map', SCALARS[value] ?? 'string'];
}

function isSet(name: string, writing: string): boolean {
  return new RegExp(`\\n\\s+${name}: \\{\\n[^}]*?type: "set"`).test(writing);
}
