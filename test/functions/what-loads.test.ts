import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OWN_PACKAGES } from '../../scripts/import-table.ts';
import { importsOf } from '../../scripts/imports-of.ts';
import { tokensOf } from '../../scripts/tokens.ts';
import { ROOT } from '../scripts/repository.ts';

/** The files and packages that are loaded with a file, before anything runs. */
function loadedWith(entry: string): ReadonlySet<string> {
  const loaded = new Set<string>();
  const left = [entry];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    if (!path.endsWith('.ts')) continue;
    for (const { specifier = '', loads } of importsOf(tokensOf(readFileSync(`${ROOT}/${path}`, 'utf8')))) {
      if (loads !== 'at-once') continue;
      left.push(specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier);
    }
  }
  return loaded;
}

/** `re2js` is not among them: whoever reads a policy file says whether its patterns are any. */
const DETECTION = new Set<string>(OWN_PACKAGES.packages).difference(new Set(['re2js']));

describe('the detectors of sensitive text', () => {
  it.each([
    'functions/index.ts',
    'functions/cancel.ts',
    'functions/retry.ts',
    'functions/tick.ts',
    'cli/main.ts',
  ])('are not loaded with %s', (entry) => {
    const loaded = loadedWith(entry);
    expect([...loaded.intersection(DETECTION)]).toEqual([]);
    expect([...loaded].filter((path) => path.startsWith('shared/sensitive/credentials/'))).toEqual([]);
  });

  it('are loaded with functions/purge.ts, before its port opens', () => {
    expect(loadedWith('functions/purge.ts').intersection(DETECTION)).toEqual(DETECTION);
  });
});

it('functions/tick.ts, which judges nothing, is loaded without what reads policies', () => {
  const loaded = loadedWith('functions/tick.ts');
  expect([...loaded].filter((path) => path === 'yaml' || path.startsWith('shared/policy/read-'))).toEqual([]);
});
