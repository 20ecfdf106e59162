import type { Verb } from './verb.schema.ts';

/** What one breaker covers: one verb of one policy, over the whole deployment. */
export interface BreakerScope {
  readonly verb: Verb;
  readonly policy: string;
}

/**
 * What a cap covers: the retries of one project, or of one account, whatever their policy; or the purges of one
 * policy that the clean-up of history does. Unlike a breaker it never trips.
 */
export interface CapScope {
  readonly verb: Verb;
  readonly cap: 'project' | 'principal' | 'history';
  readonly of: string;
}

export type SlotScope = BreakerScope | CapScope;

export interface BreakerTrip {
  readonly atMs: number;
  /** For a person: what tripped it. */
  readonly why: string;
}

export interface BreakerStatus {
  readonly scope: BreakerScope;
  readonly trip?: BreakerTrip;
  /** Slots in use now. */
  readonly taken: number;
}
