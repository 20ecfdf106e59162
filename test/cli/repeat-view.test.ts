import { expect, test } from 'vitest';
import { tellDryRun, tellRepeat } from '../../cli/repeat-view.ts';

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

test('the command that repeats what ran again has the leave that was given', () => {
  const job = { name: { projectId: 'shop', location: 'EU', jobId: 'insert' }, state: 'DONE' } as const;
  const other = { ...job.name, jobId: 'insert_wdr1_0' };
  const says = (allowRepeatedWrites: boolean) =>
    tellRepeat({ kind: 'ran-again', job, other }, { wait: 1, allowRepeatedWrites }).sentence;
  expect(says(true)).toMatch(/jobs repeat shop:EU\.insert_wdr1_0 --allow-repeated-writes$/);
  expect(says(false)).toMatch(/jobs repeat shop:EU\.insert_wdr1_0$/);
});
