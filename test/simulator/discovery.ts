import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiSchema, DiscoveryDocument } from './discovery.schema.ts';
import { findSdk } from './real-bq.ts';

/** The method of Google's that a call is of. */
export interface DiscoveredMethod {
  readonly name: string;
  /** Absent: the answer has no body. */
  readonly answers: string | undefined;
}

/** A field that holds a value. */
export interface Leaf {
  readonly path: string;
  readonly type: string | undefined;
  readonly format: string | undefined;
  /** Whether it is one of BigQuery's words. */
  readonly isWord: boolean;
}

/** BigQuery's own description of its API, as the Google Cloud SDK ships it, and whether answers keep to it. */
export class Discovery {
  readonly revision: string;
  readonly #document: DiscoveryDocument;
  readonly #methods: {
    readonly httpMethod: string;
    readonly path: RegExp;
    readonly method: DiscoveredMethod;
  }[];

  constructor(document: unknown) {
    this.#document = DiscoveryDocument.parse(document);
    this.revision = this.#document.revision;
    this.#methods = Object.entries(this.#document.resources).flatMap(([resource, { methods }]) =>
      Object.entries(methods).map(([name, { httpMethod, flatPath, path, response }]) => ({
        httpMethod,
        path: new RegExp(`^/(?:bigquery/v2/)?${(flatPath ?? path).replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
        method: { name: `${resource}.${name}`, answers: response?.$ref },
      })),
    );
  }

  methodOf(httpMethod: string, path: string): DiscoveredMethod | undefined {
    const [pathname = ''] = path.split('?');
    return this.#methods.find((one) => one.httpMethod === httpMethod && one.path.test(pathname))?.method;
  }

  /** What is wrong with an answer, each fault with its place; none: it is as described. */
  faultsOf({ name, answers }: DiscoveredMethod, body: unknown): string[] {
    if (answers === undefined) return body === undefined ? [] : [`${name}: answers no body`];
    return this.#faults({ $ref: answers }, body, name);
  }

  /** Whether an object of that schema (`Job`, or `JobList.jobs` where it has no name of its own) has the field. */
  hasField(schema: string, field: string): boolean {
    const [named = '', ...path] = schema.split('.');
    const found = path.reduce<ApiSchema | undefined>(
      (outer, name) => this.#itself(outer?.properties?.[name]),
      this.#document.schemas[named],
    );
    return found?.properties?.[field] !== undefined;
  }

  /**
   * The fields inside a schema that only BigQuery writes, as `a.b{}.c[].d` (`{}`: any name, `[]`: any item). What lies
   * inside one is not listed, nor what a schema has inside itself again.
   */
  outputOnly(schema: string): string[] {
    return this.#outputOnly({ $ref: schema }, '', []);
  }

  /**
   * The fields inside a schema that hold a value and no more fields, called as `outputOnly` calls them. A schema that
   * has itself inside ends there.
   */
  leaves(schema: string): readonly Leaf[] {
    return this.#leaves({ $ref: schema }, '', []);
  }

  #leaves(schema: ApiSchema, place: string, within: readonly string[]): readonly Leaf[] {
    const { $ref: name, properties = {}, items, additionalProperties, type, format, enum: words } = schema;
    if (name !== undefined) {
      const named = this.#document.schemas[name];
      if (named === undefined) throw new Error(`${place}: no schema ${name}`);
      return within.includes(name) ? [] : this.#leaves(named, place, [...within, name]);
    }
    const inner = [
      ...Object.entries(properties).map(
        ([field, of]) => [place === '' ? field : `${place}.${field}`, of] as const,
      ),
      ...(items === undefined ? [] : [[`${place}[]`, items] as const]),
      ...(additionalProperties === undefined ? [] : [[`${place}{}`, additionalProperties] as const]),
    ];
    if (inner.length > 0) return inner.flatMap(([path, of]) => this.#leaves(of, path, within));
    return [{ path: place, type, format, isWord: words !== undefined }];
  }

  #outputOnly(schema: ApiSchema, place: string, within: readonly string[]): string[] {
    const { $ref: name } = schema;
    if (name !== undefined) {
      const named = this.#document.schemas[name];
      if (named === undefined) throw new Error(`${place}: no schema ${name}`);
      return within.includes(name) ? [] : this.#outputOnly(named, place, [...within, name]);
    }
    const { properties = {}, items, additionalProperties } = schema;
    const ofFields = Object.entries(properties).flatMap(([field, inner]) => {
      const path = place === '' ? field : `${place}.${field}`;
      const isOutputOnly = inner.readOnly === true || /^\s*\[?output[ -]only/i.test(inner.description ?? '');
      return isOutputOnly ? [path] : this.#outputOnly(inner, path, within);
    });
    const ofItems = items === undefined ? [] : this.#outputOnly(items, `${place}[]`, within);
    const ofNames =
      additionalProperties === undefined ? [] : this.#outputOnly(additionalProperties, `${place}{}`, within);
    return [...ofFields, ...ofItems, ...ofNames];
  }

  /** Of a list the item. */
  #itself(schema: ApiSchema | undefined): ApiSchema | undefined {
    return schema?.type === 'array' ? schema.items : schema;
  }

  #faults(schema: ApiSchema, value: unknown, place: string): string[] {
    if (schema.$ref !== undefined) {
      const named = this.#document.schemas[schema.$ref];
      return named === undefined ? [`${place}: no schema ${schema.$ref}`] : this.#faults(named, value, place);
    }
    switch (schema.type) {
      case 'object':
        return this.#faultsOfObject(schema, value, place);
      case 'array':
        if (!Array.isArray(value)) return [`${place}: is ${shown(value)}, not a list`];
        return value.flatMap((item, index) => this.#faults(schema.items ?? {}, item, `${place}[${index}]`));
      case undefined:
      case 'any':
        return value === undefined ? [`${place}: is undefined`] : [];
      default:
        return isOfType(schema, value)
          ? []
          : [
              `${place}: is ${shown(value)}, not ${schema.type} ${schema.format ?? schema.enum?.join('|') ?? ''}`,
            ];
    }
  }

  #faultsOfObject(schema: ApiSchema, value: unknown, place: string): string[] {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return [`${place}: is ${shown(value)}, not an object`];
    }
    return Object.entries(value).flatMap(([key, part]) => {
      const field = schema.properties?.[key] ?? schema.additionalProperties;
      if (field === undefined) return [`${place}.${key}: there is no such field`];
      return this.#faults(field, part, `${place}.${key}`);
    });
  }
}

/** int64 are strings in JSON; other formats of strings are of fields that no answer here has. */
function isOfType({ type, format, enum: words }: ApiSchema, value: unknown): boolean {
  switch (type) {
    case 'string':
      if (typeof value !== 'string') return false;
      if (format === 'int64' && !/^-?\d+$/.test(value)) return false;
      if (format === 'uint64' && !/^\d+$/.test(value)) return false;
      return words === undefined || words.includes(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'undefined';
}

let opened: { readonly discovery: Discovery | undefined } | undefined;

/** The document of the SDK on this machine, read once; undefined without one. */
export function sdkDiscovery(): Discovery | undefined {
  opened ??= { discovery: open() };
  return opened.discovery;
}

function open(): Discovery | undefined {
  const sdk = findSdk();
  const file = sdk === undefined ? undefined : join(sdk, 'platform/bq/discovery_next/bigquery.json');
  if (file === undefined || !existsSync(file)) return undefined;
  return new Discovery(JSON.parse(readFileSync(file, 'utf8')));
}
