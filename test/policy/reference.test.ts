import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ALL_LIMITS } from '../../shared/limits/all-limits.ts';
import { LATER_POLICY_KEYS } from '../../shared/policy/later.ts';
import { MAX_FILE_LENGTH } from '../../shared/policy/load.ts';
import {
  BreakerEntry,
  LimitEntry,
  LocationPricesEntry,
  PolicyEntry,
  PolicyFile,
  SelectorEntry,
} from '../../shared/policy/policy.schema.ts';
import { HistoryEntry, PurgeEntry, SensitiveEntry } from '../../shared/policy/purge.schema.ts';
import { readPolicies } from '../../shared/policy/read-policies.ts';
import { BackoffEntry, CapsEntry, GuardsEntry, RetryEntry } from '../../shared/policy/retry.schema.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';

const text = await readFile(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const LATER: readonly string[] = LATER_POLICY_KEYS;

/** The first column of the table under a heading. */
function tableUnder(heading: string): readonly string[] {
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, key = '']) => key);
}

function keysOf(schema: { readonly shape: object }): readonly string[] {
  return Object.keys(schema.shape).filter((key) => !LATER.includes(key));
}

describe('docs/policy.md', () => {
  it('holds examples that load without a warning', () => {
    const examples = [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, example = '']) => example);
    expect(examples.length).toBeGreaterThan(2);
    for (const example of examples) expect(readPolicies(example, 'docs/policy.md').warnings).toEqual([]);
  });

  it.each([
    ['The file', PolicyFile],
    ['A policy', PolicyEntry],
    ['`match` and `except`', SelectorEntry],
    ['`limit`', LimitEntry],
    ['`breaker`', BreakerEntry],
    ['`pricing`', LocationPricesEntry],
    ['`retry`', RetryEntry],
  ])('has a table of all keys under "%s"', (heading, schema) => {
    expect(tableUnder(heading).toSorted()).toEqual(keysOf(schema).toSorted());
  });

  it('has a row for each key inside a key of `retry`, and of `sensitive` and `purge`', () => {
    const inside = [...text.matchAll(/^\| `(\w+\.\w+)` \|/gm)].map(([, key]) => key);
    const shapes = {
      backoff: BackoffEntry,
      guards: GuardsEntry,
      caps: CapsEntry,
      sensitive: SensitiveEntry,
      purge: PurgeEntry,
      history: HistoryEntry,
    };
    expect(inside).toEqual(
      Object.entries(shapes).flatMap(([outer, schema]) => keysOf(schema).map((key) => `${outer}.${key}`)),
    );
  });

  it('tells what each limit measures', () => {
    for (const { key, description } of ALL_LIMITS) expect(text).toContain(`| \`${key}\` | ${description} |`);
  });

  it('names the detectors that are built in', () => {
    const [, row = ''] = /^\| `sensitive.detectors` \|([^|]*)\|/m.exec(text) ?? [];
    expect([...row.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(
      ALL_DETECTORS.map(({ name }) => name),
    );
  });

  it('names the words that are not carried out', () => {
    const section = text.split('## Words of later versions')[1]?.split('## ')[0] ?? '';
    expect([...section.matchAll(/`(\w+)`/g)].map(([, word]) => word).toSorted()).toEqual(LATER.toSorted());
  });

  it('names the bound of the file', () => {
    expect(text).toContain(`At most ${MAX_FILE_LENGTH.toLocaleString('en-US')} characters`);
  });
});
