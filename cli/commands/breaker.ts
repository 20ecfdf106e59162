import type { DefineCommand } from '../command.ts';
import { defineBreakerReset } from './breaker-reset.ts';
import { defineBreakerStatus } from './breaker-status.ts';

export const defineBreaker: DefineCommand = (program, run) => {
  const breaker = program
    .command('breaker')
    .helpCommand(false)
    .summary('what keeps the watchdog from doing too much')
    .description('Shows and resets breakers: each stops a policy that would act more often than it may.');
  defineBreakerStatus(breaker, run);
  defineBreakerReset(breaker, run);
};
