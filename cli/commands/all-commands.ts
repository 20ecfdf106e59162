import type { DefineCommand } from '../command.ts';
import { defineActs } from './acts.ts';
import { defineBreaker } from './breaker.ts';
import { defineCheck } from './check.ts';
import { defineJobs } from './jobs.ts';

/** Every command, in the order of the help. A new one is a file beside these and a line here. */
export const ALL_COMMANDS: readonly DefineCommand[] = [defineCheck, defineJobs, defineActs, defineBreaker];
