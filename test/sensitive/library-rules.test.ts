import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { describe, expect, test } from 'vitest';
import { CLUES, LIBRARY_RULES, UNUSED_RULES } from '../../shared/sensitive/credentials/library-rules.ts';
import { longWords } from '../../shared/sensitive/credentials/long-words.ts';
import { textsOf } from '../../shared/sensitive/texts.ts';
import { CORPUS } from './corpus/corpus.ts';
import { ruleSamples } from './corpus/rule-samples.ts';

const short = (id: string): string => id.replace('@secretlint/secretlint-rule-', '');

describe('the rules of the library', () => {
  test('are each used, with a clue, or left out', () => {
    const known = [...Object.keys(CLUES), ...UNUSED_RULES];
    expect(rules.map(({ meta }) => short(meta.id)).toSorted()).toEqual(known.toSorted());
  });

  test.for(ruleSamples())(
    '$id: a sample is found, has the clue, and stays whole among long words',
    (sample) => {
      const rule = LIBRARY_RULES.find(({ id }) => id === sample.id);
      expect(rule?.finds(sample.text)).toBe(true);
      expect(rule?.clue?.test(sample.text)).toBe(true);
      expect(rule?.finds(rule.isOfWords ? longWords(`SELECT '${sample.text}'`) : sample.text)).toBe(true);
    },
  );

  test('have a sample each', () => {
    expect([...new Set(ruleSamples().map(({ id }) => id))].toSorted()).toEqual(Object.keys(CLUES).toSorted());
  });

  test('find nothing in the corpus that their clues and long words would hide', () => {
    const hidden = CORPUS.flatMap(({ name, resource }) =>
      [...textsOf(resource)].flatMap(({ text }) =>
        LIBRARY_RULES.filter(({ clue, isOfWords, finds }) => {
          const shown = isOfWords ? longWords(text) : text;
          return finds(text) && !(clue?.test(shown) === true && finds(shown));
        }).map(({ id }) => `${id}: ${name}`),
      ),
    );
    expect(hidden).toEqual([]);
  });

  test('are not silenced by a comment', () => {
    const [sample] = ruleSamples();
    const rule = LIBRARY_RULES.find(({ id }) => id === sample?.id);
    expect(rule?.finds(`-- secretlint-disable\n${sample?.text}`)).toBe(true);
  });
});
