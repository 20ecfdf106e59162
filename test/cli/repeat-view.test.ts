import { expect, test } from 'vitest';
import { tellDryRun } from '../../cli/repeat-view.ts';

test.each([
  { accuracy: 'PRECISE', says: 'would process 1.5 GiB' },
  { accuracy: 'LOWER_BOUND', says: 'would process at least 1.5 GiB' },
  { accuracy: 'UPPER_BOUND', says: 'would process up to 1.5 GiB' },
] as const)(
  'how much a dry run would process is told as BigQuery knows it: $accuracy',
  ({ accuracy, says }) => {
    const { code, outcome, sentence } = tellDryRun({ bytes: { amount: 1.5 * 2 ** 30, accuracy } });
    expect({ code, outcome }).toEqual({ code: 0, outcome: 'checked' });
    expect(sentence).toBe(`would be run again so: BigQuery takes it, and ${says}`);
  },
);
