import type { RefusalCode } from './refusal.ts';

/** What speaks against running a job again. */
export interface Objection {
  readonly why: RefusalCode;
  /** For a person, about "it": the job. Nothing in it is the job's text. */
  readonly sentence: string;
  /** An owner who says `allowRepeatedWrites` has it run again all the same. */
  readonly allowable?: true;
}
