import { InvalidArgumentError } from 'commander';
import { count } from './count.ts';
import type { Terminal } from './terminal.ts';
import { isYes } from './yes.ts';

/** Above this many the number itself is to be typed: a habit types "y". */
const FEW = 100;

/** `--yes COUNT`. */
export function readConfirmed(text: string): number {
  if (!/^\d{1,9}$/.test(text))
    throw new InvalidArgumentError('expected how many jobs may be deleted at most');
  return Number(text);
}

/** Whether so many jobs may be deleted: `yes` says how many at most, or else whoever sits there is asked. */
export async function isConfirmed(
  jobs: number,
  yes: number | undefined,
  { ask }: Terminal,
): Promise<boolean> {
  if (yes !== undefined) return jobs <= yes;
  const what = `Delete the metadata of ${count(jobs, 'job', 'jobs')}, with that of their children? It cannot be undone.`;
  if (jobs <= FEW) return isYes(await ask?.(`${what} [y/N]`));
  const answer = await ask?.(`${what} Type ${jobs} to do it:`);
  return answer?.trim() === String(jobs);
}
