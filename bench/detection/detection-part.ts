import { lintSource } from '@secretlint/core';
import { creator, rules } from '@secretlint/secretlint-rule-preset-recommend';
import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { cpuOf } from '../cpu-of.ts';
import type { Measure, Part, Run } from '../part.ts';
import { sideBySide } from '../side-by-side.ts';
import { quality } from './quality.ts';
import { queryText, temptingText } from './query-text.ts';

const KIB_10 = 10 * 1_024;
const MIB = 1_024 * 1_024;

/** Part (e): what is found of what is there, and what it costs to look where nothing is. */
export const detectionPart: Part = {
  letter: 'e',
  title: 'What is sensitive: how surely, at what cost',
  async measure(run) {
    run.progress('precision and recall over the corpus');
    const found = quality();
    run.progress('query text without findings, against the library alone');
    return [...found, ...(await cost(run))];
  },
};

async function cost({ quick }: Run): Promise<readonly Measure[]> {
  const [times, warmUps, rounds] = quick ? [2, 0, 1] : [100, 3, 15];
  const small = queryText(KIB_10);
  const contenders = {
    ours: () => cpuOf(times, () => detectIn(small)),
    library: () => cpuOf(times, () => lint(small, { enableIDScanRule: true })),
    'library without AWS ids': () => cpuOf(times, () => lint(small, {})),
    'one of 1 MiB': () => cpuOf(1, () => detectIn(large)),
    'as many of 10 KiB': () => cpuOf(Math.round(MIB / KIB_10), () => detectIn(small)),
    'tempting 1 MiB': () => cpuOf(1, () => detectIn(tempting)),
  };
  const large = queryText(MIB);
  const tempting = temptingText(MIB);
  await sideBySide(warmUps, contenders);
  const taken = await sideBySide(rounds, contenders);
  return [
    {
      what: '10 KiB of query text: all detectors / the library alone, with its recommended preset',
      unit: 'x',
      values: taken.ratios('ours', 'library'),
      target: { of: 'median', side: 'at most', bound: 0.3 },
      note: `${ALL_DETECTORS.length} detectors; the library's ${rules.length} rules by its own engine, told to look for ids of AWS keys`,
    },
    {
      what: 'the same / the library as it comes, which does not look for ids of AWS keys',
      unit: 'x',
      values: taken.ratios('ours', 'library without AWS ids'),
    },
    {
      what: 'a query of 1 MiB / as much text in queries of 10 KiB',
      unit: 'x',
      values: taken.ratios('one of 1 MiB', 'as many of 10 KiB'),
      target: { of: 'median', side: 'at most', bound: 1.5 },
    },
    {
      what: '1 MiB of the words around secrets / 1 MiB of query text',
      unit: 'x',
      values: taken.ratios('tempting 1 MiB', 'one of 1 MiB'),
    },
  ];
}

/** @throws SomethingFoundError when the text is not what is to be measured */
function detectIn(query: string): void {
  const [finding] = detect({ configuration: { query: { query } } }, ALL_DETECTORS);
  if (finding !== undefined) throw new SomethingFoundError(finding.detector);
}

interface AwsOptions {
  readonly enableIDScanRule?: boolean;
}

function lint(content: string, ofAws: AwsOptions): Promise<unknown> {
  const ruleOptions = [{ id: '@secretlint/secretlint-rule-aws', options: ofAws }];
  return lintSource({
    source: { content, filePath: '/query.sql', ext: '.sql', contentType: 'text' },
    options: {
      config: { rules: [{ id: creator.meta.id, rule: creator, rules: ruleOptions }] },
      noPhysicFilePath: true,
    },
  });
}

/** A text in which there is something costs less than one that is looked through to its end. */
export class SomethingFoundError extends Error {
  override readonly name = 'SomethingFoundError';

  constructor(detector: string) {
    super(`the query text that is measured must hold nothing; ${detector} found something: correct the text`);
  }
}
