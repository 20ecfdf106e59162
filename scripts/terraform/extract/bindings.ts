import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One argument of a block, as the bindings declare it. */
export interface Field {
  readonly name: string;
  /** The TypeScript type, without what stands for values that are not yet known. */
  readonly type: string;
  readonly optional: boolean;
}

/** What the package has of one resource, data source or of the provider itself. */
export interface Bindings {
  readonly terraformType: string;
  readonly providerVersion: string;
  /** The interface of its arguments, and the class that has its attributes. */
  readonly config: string;
  readonly resourceClass: string;
  readonly interfaces: ReadonlyMap<string, readonly Field[]>;
  /** The body of each class and function of the JavaScript, by its name. */
  readonly code: ReadonlyMap<string, string>;
}

/** The package's folder was not found, or holds something else. */
export class BindingsError extends Error {
  override readonly name = 'BindingsError';
}

/**
 * Reads one folder of `@cdktf/provider-google/lib`.
 *
 * @throws BindingsError
 */
export function readBindings(lib: string, folder: string): Bindings {
  const path = join(lib, folder);
  if (!existsSync(join(path, 'index.d.ts')))
    throw new BindingsError(`${path} has no index.d.ts; expected a folder of @cdktf/provider-google/lib`);
  const types = readFileSync(join(path, 'index.d.ts'), 'utf8');
  const script = readFileSync(join(path, 'index.js'), 'utf8');
  const found = (text: string, pattern: RegExp): string => {
    const value = pattern.exec(text)?.[1];
    if (value === undefined) throw new BindingsError(`${path}: nothing in it matches ${pattern}`);
    return value;
  };
  return {
    terraformType: found(script, /terraformResourceType: ?'(\w+)'/),
    providerVersion: found(script, /providerVersion: ?'([\d.]+)'/),
    config: found(types, /export interface (\w+Config)(?: extends cdktf\.TerraformMetaArguments)? \{/),
    resourceClass: found(script, /class (\w+) extends cdktf\.Terraform(?:Resource|DataSource|Provider)/),
    interfaces: interfacesIn(types),
    code: codeIn(script),
  };
}

function interfacesIn(types: string): Map<string, readonly Field[]> {
  const declarations = types.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm);
  return new Map([...declarations].map(([, name = '', body = '']) => [name, fieldsIn(body)]));
}

/** The documentation's link before each field ends in Terraform's own name of it. */
function fieldsIn(body: string): readonly Field[] {
  const fields = body.matchAll(/#(\w+) \w+#\w+\}\s+\*\/\s+readonly \w+(\?)?: ([^;]+);/g);
  return [...fields].map(([, name = '', optional, type = '']) => ({
    name,
    type: type.replace(/\s*\|\s*cdktf\.IResolvable/g, '').trim(),
    optional: optional === '?',
  }));
}

function codeIn(script: string): Map<string, string> {
  const parts = script.split(/^(?=class |function )/m);
  return new Map(parts.map((part) => [/^(?:class|function) (\w+)/.exec(part)?.[1] ?? '', part]));
}
