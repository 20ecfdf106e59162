import type { JobError } from './job-script.ts';
import type { SimulatorRequest } from './request.ts';

export type SimulatorMethod =
  | 'get'
  | 'list'
  | 'insert'
  | 'cancel'
  | 'delete'
  | 'query'
  | 'getQueryResults'
  | 'generateAccessToken';

/** What comes instead of an answer. */
export type LostAnswer = 'reset' | 'unavailable' | 'silent';

/** What can go wrong with one call. Where it does not say that the effect happens, nothing is done. */
export type Fault =
  /** Takes so long, then answers as usual, or with the fault given. */
  | { readonly kind: 'slow'; readonly ms: number; readonly followedBy?: Fault }
  /** Never answers. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'tooManyRequests'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'rateLimitExceeded' }
  | { readonly kind: 'accessDenied' }
  | { readonly kind: 'internalError' }
  | { readonly kind: 'unavailable' }
  /** The connection breaks. */
  | { readonly kind: 'reset' }
  /** The effect happens; the answer is a 200 whose body is cut off. */
  | { readonly kind: 'malformed' }
  /** The effect happens; the answer is lost, and this comes instead. */
  | { readonly kind: 'lost'; readonly answer: LostAnswer }
  /**
   * delete: it is done and answered, or its answer is lost; get and lists still show the job, and its children, for
   * so long. Infinity: for ever.
   */
  | {
      readonly kind: 'lingers';
      readonly getsMs?: number;
      readonly listsMs?: number;
      readonly answer?: LostAnswer;
    }
  /** insert: a 200 whose job has failed already. */
  | { readonly kind: 'errorResult'; readonly error: JobError }
  /** insert: a 200 without `status`. */
  | { readonly kind: 'withoutStatus' };

export const FAULT_KINDS = [
  'slow',
  'silent',
  'tooManyRequests',
  'rateLimitExceeded',
  'accessDenied',
  'internalError',
  'unavailable',
  'reset',
  'malformed',
  'lost',
  'lingers',
  'errorResult',
  'withoutStatus',
] as const satisfies readonly Fault['kind'][];

export interface FaultCall {
  readonly method: SimulatorMethod;
  readonly projectId: string;
  /** The job that is named, or the account; empty for methods that name none. */
  readonly target: string;
  /** Counts the calls of this method from 1. */
  readonly nth: number;
  /** list: which page is asked for, from 1 on. */
  readonly page?: number;
  readonly request: SimulatorRequest;
  readonly random: () => number;
}

/** Asked once for each call; `undefined`: the call goes well. */
export type FaultPlan = (call: FaultCall) => Fault | undefined;
