import { describe, expect, test } from 'vitest';
import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { CORPUS } from './corpus/corpus.ts';

test('the corpus has at least 400 jobs, 200 of them harmless, each once', () => {
  expect(CORPUS.length).toBeGreaterThanOrEqual(400);
  expect(CORPUS.filter(({ findings }) => findings.length === 0).length).toBeGreaterThanOrEqual(200);
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
});

describe('in each job of the corpus just that is found which is there', () => {
  test.for(CORPUS)('$name', ({ resource, findings }) => {
    expect(detect(resource, ALL_DETECTORS)).toEqual(findings);
  });
});
