import { ANSWER_FIELDS } from './answer-fields.ts';
import type { SimulatorMethod } from './faults.ts';
import { eitherOf, type FieldMask, invalidSelection, parseFieldMask } from './field-mask.ts';
import { isRecord, type JsonRecord } from './json.ts';

/** The schema of each method's answer; a delete has none. */
const ANSWERS: Readonly<Record<SimulatorMethod, string | undefined>> = {
  get: 'Job',
  list: 'JobList',
  insert: 'Job',
  cancel: 'JobCancelResponse',
  delete: undefined,
  query: 'QueryResponse',
  getQueryResults: 'GetQueryResultsResponse',
  generateAccessToken: 'GenerateAccessTokenResponse',
};

/** Of each field of each schema: the schema of what it holds, `*` for anything, nothing for a plain value. */
const SCHEMAS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  Object.entries(ANSWER_FIELDS).map(([schema, fields]) => [
    schema,
    new Map(
      fields.split(' ').map((field): [string, string] => {
        const [name = '', inner = ''] = field.split(':');
        return [name, inner];
      }),
    ),
  ]),
);

/** Of a good answer, what was asked for. */
export type Select = (answer: JsonRecord) => JsonRecord;

const everything: Select = (answer) => answer;

/**
 * What the parameter `fields`, which every method takes, leaves of an answer. Where nothing is left of an object,
 * `{}` stands; Google does not say whether it does. Throws the 400 for a field that the answer does not have.
 */
export function selectionOf(method: SimulatorMethod, parameters: URLSearchParams): Select {
  const text = parameters.get('fields') ?? '';
  const schema = ANSWERS[method];
  if (text === '' || schema === undefined) return everything;
  const mask = parseFieldMask(text);
  hold(mask, schema);
  return (answer) => ofRecord(answer, mask);
}

/** Throws for what is no field of the schema. What is asked of every field is held to none. */
function hold(mask: FieldMask, schema: string): void {
  for (const [name, part] of mask) {
    if (name === '*') continue;
    const inner = SCHEMAS.get(schema)?.get(name);
    if (inner === undefined) throw invalidSelection(name);
    if (part === 'all' || inner === '*') continue;
    if (inner === '') throw invalidSelection([...part.keys()].join(','));
    hold(part, inner);
  }
}

function ofValue(value: unknown, part: FieldMask | 'all'): unknown {
  if (part === 'all') return value;
  if (Array.isArray(value)) return value.map((item) => ofValue(item, part));
  return isRecord(value) ? ofRecord(value, part) : value;
}

function ofRecord(record: JsonRecord, mask: FieldMask): JsonRecord {
  const ofAll = mask.get('*');
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]): [string, unknown][] => {
      const named = mask.get(key);
      const part = named === undefined ? ofAll : ofAll === undefined ? named : eitherOf(named, ofAll);
      // Of a plain value there is no part to have.
      if (part === undefined || (part !== 'all' && !isStructured(value))) return [];
      return [[key, ofValue(value, part)]];
    }),
  );
}

function isStructured(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
