import { readFileSync } from 'node:fs';
import { JobExists } from './job-store.ts';
import { UnplayableJob } from './loaded-job.ts';

/** Thrown for a file of jobs that cannot be played; the message is all that a person needs. */
export class UnplayableFile extends Error {
  override readonly name = 'UnplayableFile';
}

/** Gives each line's Job resource to `load`; all bad lines are named at once, as `FILE:LINE: what is wrong`. */
export function loadJobsFile(file: string, load: (resource: unknown) => void): void {
  const faults: string[] = [];
  textOf(file)
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() === '') return;
      const fault = faultOf(line, load);
      if (fault !== undefined) faults.push(`${file}:${index + 1}: ${fault}`);
    });
  if (faults.length > 0) throw new UnplayableFile(faults.join('\n'));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UnplayableFile(
      `${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function faultOf(line: string, load: (resource: unknown) => void): string | undefined {
  let resource: unknown;
  try {
    resource = JSON.parse(line);
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  try {
    load(resource);
    return undefined;
  } catch (error) {
    if (error instanceof UnplayableJob || error instanceof JobExists) return error.message;
    throw error;
  }
}
