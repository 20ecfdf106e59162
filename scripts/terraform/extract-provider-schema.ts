/**
 * `node scripts/terraform/extract-provider-schema.ts LIB`: writes `terraform/provider-schema.json`, the schema of
 * what the configuration uses, from the folder `lib` of the npm package `@cdktf/provider-google`, which holds
 * bindings generated from the provider's schema. Run it again when a new resource type is used.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readBindings } from './extract/bindings.ts';
import { topBlock } from './extract/block-of.ts';
import type { Block, ProviderSchema } from './provider-schema.schema.ts';
import { usedTypes } from './used-types.ts';

const TERRAFORM = join(import.meta.dirname, '../../terraform');
const PackageFile = z.object({ name: z.string(), version: z.string() });

function extract(lib: string): ProviderSchema {
  const { name, version } = PackageFile.parse(JSON.parse(readFileSync(join(lib, '../package.json'), 'utf8')));
  const { resources, dataSources } = usedTypes(TERRAFORM);
  const folderOf = (type: string): string => type.replace('google_', '').replaceAll('_', '-');
  const blocks = (types: readonly string[], prefix: string): Record<string, Block> =>
    Object.fromEntries(
      types.map((type) => [type, topBlock(readBindings(lib, `${prefix}${folderOf(type)}`))]),
    );
  const provider = readBindings(lib, 'provider');
  return {
    source: `${name} ${version} (npm, MPL-2.0)`,
    providerVersion: provider.providerVersion,
    provider: topBlock(provider),
    resources: blocks(resources, ''),
    dataSources: blocks(dataSources, 'data-google-'),
  };
}

const [lib] = process.argv.slice(2);
if (lib === undefined) {
  process.stderr.write('usage: node scripts/terraform/extract-provider-schema.ts LIB\n');
  process.exitCode = 2;
} else {
  const schema = extract(lib);
  writeFileSync(join(TERRAFORM, 'provider-schema.json'), `${JSON.stringify(schema, null, 1)}\n`);
  const count = Object.keys(schema.resources).length + Object.keys(schema.dataSources).length;
  process.stdout.write(`provider ${schema.providerVersion}: ${count} types\n`);
}
