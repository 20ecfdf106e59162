import { objectionsTo } from '../retry/eligibility.ts';
import type { RefusalCode } from '../retry/refusal.ts';
import type { NotAs } from './repeat-as.ts';
import type { WholeLook } from './whole-look.ts';

export interface RepeatRefused {
  readonly kind: 'refused';
  readonly why: RefusalCode | NotAs['why'];
  /** For a person, about "it": the job. */
  readonly sentence: string;
  /** A person who allows repeated writes may have it all the same. */
  readonly allowable?: true;
}

export interface RepeatAllowed {
  readonly kind: 'allowed';
  /** What was allowed though it may do something twice: about "it". */
  readonly allowed?: string;
}

/** A person may want to have done again what succeeded, and their own jobs are theirs to repeat. */
const NO_MATTER_BY_HAND: readonly RefusalCode[] = ['not-failed', 'person'];

/** What speaks against running a job again by hand: of the root, as if it had ended as the job that is named did. */
export function objectionTo(
  root: Pick<WholeLook, 'job' | 'facts'>,
  { job, facts }: Pick<WholeLook, 'job' | 'facts'>,
  allowRepeatedWrites: boolean,
): RepeatRefused | RepeatAllowed {
  const { error } = job;
  const candidate = {
    job: { ...root.job, ...(error !== undefined && { error }) },
    facts: { ...root.facts, errors: facts.errors },
  };
  const objections = objectionsTo(candidate).filter(({ why }) => !NO_MATTER_BY_HAND.includes(why));
  const refused = objections.find(({ allowable }) => !(allowable && allowRepeatedWrites));
  if (refused) return { kind: 'refused', ...refused };
  const [allowed] = objections;
  return { kind: 'allowed', ...(allowed && { allowed: allowed.sentence }) };
}
