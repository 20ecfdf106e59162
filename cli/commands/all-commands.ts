import type { DefineCommand } from '../command.ts';
import { defineActs } from './acts.ts';
import { defineBreaker } from './breaker.ts';
import { defineCertificates } from './certificates.ts';
import { defineCheck } from './check.ts';
import { defineHold } from './hold.ts';
import { defineJobs } from './jobs.ts';
import { definePurge } from './purge.ts';
import { defineReplay } from './replay.ts';
import { defineResume } from './resume.ts';
import { defineScan } from './scan.ts';
import { defineStop } from './stop.ts';

/** Every command, in the order of the help. A new one is a file beside these and a line here. */
export const ALL_COMMANDS: readonly DefineCommand[] = [
  defineCheck,
  defineScan,
  defineReplay,
  defineJobs,
  definePurge,
  defineActs,
  defineCertificates,
  defineBreaker,
  defineHold,
  defineStop,
  defineResume,
];
