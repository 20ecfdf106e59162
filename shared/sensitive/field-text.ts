import { textsOf } from './texts.ts';

/**
 * All texts of one field of a Job, in the order of `textsOf`, one a line: what the field says, whole. For a hash of it;
 * nothing of it may be printed or stored. Empty for a field that holds no text, such as who ran the job.
 *
 * @param resource a Job as `jobs.get` gives it, whole
 * @param field called as in `Finding`
 */
export function fieldText(resource: unknown, field: string): string {
  return textsOf(resource)
    .filter((text) => text.field === field)
    .map(({ text }) => text)
    .toArray()
    .join('\n');
}
