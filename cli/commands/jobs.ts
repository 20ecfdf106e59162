import type { DefineCommand } from '../command.ts';
import { defineJobsCancel } from './jobs-cancel.ts';
import { defineJobsDelete } from './jobs-delete.ts';
import { defineJobsList } from './jobs-list.ts';
import { defineJobsRepeat } from './jobs-repeat.ts';
import { defineJobsShow } from './jobs-show.ts';

export const defineJobs: DefineCommand = (program, run) => {
  const jobs = program
    .command('jobs')
    .helpCommand(false)
    .summary('list, show, cancel, repeat and delete jobs by hand')
    .description('What one does with jobs by hand. Query text is never printed.');
  defineJobsList(jobs, run);
  defineJobsShow(jobs, run);
  defineJobsCancel(jobs, run);
  defineJobsRepeat(jobs, run);
  defineJobsDelete(jobs, run);
};
