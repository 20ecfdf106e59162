import { describe, expect, test } from 'vitest';
import { EXEMPT_FIELDS, MEASURES } from '../../shared/sensitive/exempt-fields.ts';
import { TEXT_FIELDS } from '../../shared/sensitive/fields.ts';
import { textsOf } from '../../shared/sensitive/texts.ts';
import { type Leaf, sdkDiscovery } from '../simulator/discovery.ts';

const discovery = sdkDiscovery();
const title =
  discovery === undefined
    ? 'the discovery document: SKIPPED, there is no Google Cloud SDK here'
    : `the discovery document, revision ${discovery.revision}`;

const TEXT = TEXT_FIELDS.map(({ path }) => path);
const EXEMPT = EXEMPT_FIELDS.map(({ path }) => path);

/** Strings that are not from a list of BigQuery's, and values of any type. */
const isText = ({ type, format, isWord }: Leaf): boolean =>
  !isWord && (type === 'any' || (type === 'string' && (format === undefined || format === 'byte')));

const NUMBERS = ['int64', 'uint64', 'google-datetime'];
const isNumber = ({ type, format = '' }: Leaf): boolean => type === 'string' && NUMBERS.includes(format);

const covers = (path: string, paths: readonly string[]): boolean =>
  paths.some((one) => path === one || ['.', '[', '{'].some((next) => path.startsWith(one + next)));

/** A resource with the text at the path, and nothing else. */
function resourceWith(path: string, text: string): unknown {
  return path.split(/\.|(?=\[\]|\{\})/).reduceRight<unknown>((inner, step) => {
    if (step === '[]') return [inner];
    return { [step === '{}' ? 'any-name' : step]: inner };
  }, text);
}

const foundAt = (path: string): readonly string[] =>
  [...textsOf(resourceWith(path, 'a marker'))]
    .filter(({ text }) => text === 'a marker')
    .map(({ field }) => field);

describe.skipIf(discovery === undefined)(title, () => {
  const leaves = discovery?.leaves('Job') ?? [];

  test('has no field of free text that is neither looked at nor exempt for a reason', () => {
    const forgotten = leaves
      .filter(isText)
      .filter(({ path }) => !covers(path, TEXT) && !EXEMPT.includes(path));
    expect(forgotten.map(({ path }) => path)).toEqual([]);
  });

  test('has every field of free text: what stands there is read, under its own name', () => {
    const unread = leaves
      .filter(isText)
      .filter(({ path }) => !EXEMPT.includes(path))
      .filter(({ path }) => !foundAt(path).some((field) => covers(path, [field]) && !field.endsWith('?')));
    expect(unread.map(({ path }) => path)).toEqual([]);
  });

  test('has no measure in statistics that the table does not name, and the table names no other', () => {
    const named = leaves
      .filter(({ path }) => path.startsWith('statistics.'))
      .filter(isNumber)
      .map(({ path }) => path.split('.').at(-1)?.replaceAll('[]', '') ?? '');
    expect([...MEASURES].toSorted()).toEqual([...new Set(named)].toSorted());
  });

  test('has every field that the tables name, but those that are newer', () => {
    const known = leaves.map(({ path }) => path);
    const unknown = [...TEXT, ...EXEMPT].filter((path) => !known.some((one) => covers(one, [path])));
    expect(unknown).toEqual(['configuration.query.secureContext']);
  });
});

test('every exemption has a reason, and no field is in both tables', () => {
  expect(EXEMPT_FIELDS.filter(({ because }) => because.length < 10)).toEqual([]);
  expect(EXEMPT.filter((path) => TEXT.includes(path))).toEqual([]);
});
