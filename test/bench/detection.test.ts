import { expect, test } from 'vitest';
import { quality } from '../../bench/detection/quality.ts';
import { queryText, temptingText } from '../../bench/detection/query-text.ts';
import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';

test.for([queryText, temptingText])(
  'the text that is measured has its length and nothing to find',
  (textOf) => {
    const query = textOf(50_000);
    expect(query).toHaveLength(50_000);
    expect(detect({ configuration: { query: { query } } }, ALL_DETECTORS)).toEqual([]);
  },
);

test('over the corpus each detector finds all that is there, and nothing else', () => {
  const measures = quality();
  expect(measures).toHaveLength(2 * ALL_DETECTORS.length);
  expect(measures.filter(({ values }) => values.some((value) => value !== 1))).toEqual([]);
});
