import { posix } from 'node:path';
import { DEVELOPMENT, LAYERS, LAZY, type Layer, OWN_PACKAGES } from './import-table.ts';
import { type Import, importsOf } from './imports-of.ts';
import type { Problem } from './problem.ts';
import { isIn, PRODUCT, type SourceFile } from './source-files.ts';

/** The packages that package.json names. */
export interface Packages {
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

/** What a file imports against the table. */
export function importProblems(file: SourceFile, packages: Packages): readonly Problem[] {
  const { path } = file;
  const layer = LAYERS.find(({ folder }) => isIn(path, [folder]));
  if (layer === undefined) {
    return [{ path, line: 1, message: 'is in no layer; add its folder to scripts/import-table.ts' }];
  }
  return importsOf(file.tokens).flatMap((one) => {
    const message = faultOf(one, path, layer, packages);
    return message === undefined ? [] : [{ path, line: one.line, message }];
  });
}

function faultOf(one: Import, path: string, layer: Layer, packages: Packages): string | undefined {
  if (one.specifier === undefined)
    return 'imports a computed name, which nothing can check; write the name out';
  const { specifier } = one;
  if (specifier.startsWith('.')) return folderFault(posix.join(posix.dirname(path), specifier), layer);
  return packageFault(one, specifier, path, layer, packages);
}

function folderFault(target: string, { folder, may }: Layer): string | undefined {
  if (isIn(target, [folder, ...may])) return undefined;
  const allowed = may.length === 0 ? 'only its own folder' : `its own folder and ${may.join(', ')}`;
  return `imports ${target}; ${folder} may import ${allowed}`;
}

function packageFault(
  one: Import,
  specifier: string,
  path: string,
  { folder, packages: allowed }: Layer,
  { dependencies, devDependencies }: Packages,
): string | undefined {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const builtIn = specifier.startsWith('node:');
  if (allowed !== undefined && !allowed.includes(builtIn ? specifier : name)) {
    const which = allowed.length === 0 ? 'no package' : `only ${allowed.join(', ')}`;
    return `imports ${specifier}; ${folder} is pure and may import ${which}`;
  }
  const known = isIn(path, DEVELOPMENT) ? [...dependencies, ...devDependencies] : dependencies;
  if (!builtIn && !known.includes(name)) {
    return `imports ${specifier}, which is not in the dependencies of package.json; add it there, or use one that is`;
  }
  if (OWN_PACKAGES.packages.includes(name) && isIn(path, PRODUCT) && folder !== OWN_PACKAGES.folder) {
    return `imports ${specifier}, which is ${OWN_PACKAGES.folder}'s alone; call what that layer offers`;
  }
  if (one.loads === 'at-once' && LAZY.includes(name) && isIn(path, PRODUCT)) {
    return `imports ${specifier} at once; it is slow to load: use import type, and import() where it is first needed`;
  }
  if (specifier === 'zod' && !/^(?:type )?\* as z$/.test(one.clause)) {
    return `imports zod as "${one.clause}"; write import * as z from 'zod', which bundles to a fifth of the size`;
  }
  return undefined;
}
