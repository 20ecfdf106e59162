import { Option } from 'commander';
import { type JobName, parseJobName } from '../shared/job/job-name.ts';
import { type ProjectOptions, projectOf } from './project-option.ts';
import type { Terminal } from './terminal.ts';

export interface JobArgumentOptions extends ProjectOptions {
  readonly location?: string;
}

export const JOB_ARGUMENT =
  'PROJECT:LOCATION.JOB_ID, PROJECT:JOB_ID, projects/PROJECT/jobs/JOB_ID, LOCATION.JOB_ID or JOB_ID';

export function locationOption(): Option {
  return new Option(
    '--location <location>',
    'where the job lives, if its name does not say (without one BigQuery looks in US and EU only)',
  );
}

/** @throws JobNameError */
export function jobArgument(text: string, options: JobArgumentOptions, terminal: Terminal): JobName {
  return parseJobName(text, { projectId: projectOf(options, terminal), location: options.location });
}
