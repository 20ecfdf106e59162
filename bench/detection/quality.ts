import { detect } from '../../shared/sensitive/detect.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { CORPUS, type LabelledJob } from '../../test/sensitive/corpus/corpus.ts';
import type { Measure } from '../part.ts';

/** Precision and recall of each detector over the labelled corpus of the tests, job by job. */
export function quality(): readonly Measure[] {
  const judged = CORPUS.map((job) => ({ job, found: detect(job.resource, ALL_DETECTORS) }));
  return ALL_DETECTORS.flatMap(({ name }) => {
    const has = (findings: LabelledJob['findings']) => findings.some(({ detector }) => detector === name);
    const labelled = judged.filter(({ job }) => has(job.findings));
    const found = judged.filter((one) => has(one.found));
    const right = found.filter(({ job }) => has(job.findings)).length;
    const note = `${labelled.length} of ${CORPUS.length} jobs have it`;
    return [
      share(`${name}: found of what is there (recall)`, right / labelled.length, note),
      share(`${name}: there of what is found (precision)`, right / found.length),
    ];
  });
}

function share(what: string, value: number, note?: string): Measure {
  return {
    what,
    unit: 'share',
    values: [value],
    target: { of: 'least', side: 'at least', bound: 1 },
    ...(note !== undefined && { note }),
  };
}
