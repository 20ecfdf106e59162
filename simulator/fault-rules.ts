import * as z from 'zod';
import type { Fault, FaultCall, FaultPlan, SimulatorMethod } from './faults.ts';

const METHODS = [
  'get',
  'list',
  'insert',
  'cancel',
  'delete',
  'query',
  'getQueryResults',
  'generateAccessToken',
] as const satisfies readonly SimulatorMethod[];

const milliseconds = z.number().nonnegative();
const lostAnswer = z.enum(['reset', 'unavailable', 'silent']);

const simpleFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('silent') }),
  z.strictObject({ kind: z.literal('tooManyRequests'), retryAfterSeconds: z.number().optional() }),
  z.strictObject({ kind: z.literal('rateLimitExceeded') }),
  z.strictObject({ kind: z.literal('accessDenied') }),
  z.strictObject({ kind: z.literal('internalError') }),
  z.strictObject({ kind: z.literal('unavailable') }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('malformed') }),
  z.strictObject({ kind: z.literal('lost'), answer: lostAnswer }),
  z.strictObject({
    kind: z.literal('lingers'),
    getsMs: milliseconds.optional(),
    listsMs: milliseconds.optional(),
    answer: lostAnswer.optional(),
  }),
  z.strictObject({
    kind: z.literal('errorResult'),
    error: z.strictObject({ reason: z.string(), message: z.string() }),
  }),
  z.strictObject({ kind: z.literal('withoutStatus') }),
]);

/** By its kind, so that a refusal says which kinds there are, and what this one lacks. */
const fault = z.discriminatedUnion('kind', [
  ...simpleFault.options,
  z.strictObject({ kind: z.literal('slow'), ms: milliseconds, followedBy: simpleFault.optional() }),
]);

/** One rule of `PUT /simulator/faults`. */
export const FaultRule = z.strictObject({
  fault,
  /** Which calls; without it, all. */
  methods: z.array(z.enum(METHODS)).optional(),
  /** Only calls for this project. */
  projectId: z.string().optional(),
  /** Only calls whose path names this job. */
  jobId: z.string().optional(),
  /** list: strikes only where this page of a list is asked for, from 1 on. */
  page: z.int().positive().optional(),
  /** Lets so many matching calls go well first. */
  skip: z.int().nonnegative().optional(),
  /** Strikes so many times, then no more. */
  times: z.int().positive().optional(),
  /** Strikes in this part of the calls. */
  probability: z.number().min(0).max(1).optional(),
});
export type FaultRule = z.infer<typeof FaultRule>;

/** The body of `PUT /simulator/faults`: the whole switchboard, what is not given is off. */
export const FaultSettings = z.strictObject({
  rules: z.array(FaultRule).optional(),
  /** Locations that lists do not reach. */
  unreachable: z.array(z.string()).optional(),
  listStalenessMs: milliseconds.max(600_000).optional(),
  /** How long the page token of a list is good for. */
  pageTokenLifetimeMs: milliseconds.optional(),
  /** Pages of lists go by count, so that jobs that come and go shift them. */
  pagesShift: z.boolean().optional(),
  /** How far back the history of jobs goes. Google's is six months, or 180 days. */
  historyDays: z.number().positive().optional(),
  /** Pages of lists are no longer than this, whatever is asked for. */
  jobsPerPage: z.int().positive().optional(),
});
export type FaultSettings = z.infer<typeof FaultSettings>;

/** The first rule that strikes decides. */
export function planOf(rules: readonly FaultRule[]): FaultPlan {
  const counters = rules.map((rule) => ({ rule, toSkip: rule.skip ?? 0, left: rule.times ?? Infinity }));
  return (call) => {
    for (const counter of counters) {
      const { rule } = counter;
      if (!isMeant(rule, call)) continue;
      if (counter.left <= 0) continue;
      if (counter.toSkip > 0) {
        counter.toSkip--;
        continue;
      }
      if (rule.probability !== undefined && call.random() >= rule.probability) continue;
      counter.left--;
      return playable(rule.fault);
    }
    return undefined;
  };
}

function isMeant(rule: FaultRule, call: FaultCall): boolean {
  if (rule.methods !== undefined && !rule.methods.includes(call.method)) return false;
  if ((rule.projectId ?? call.projectId) !== call.projectId) return false;
  if ((rule.jobId ?? call.target) !== call.target) return false;
  return rule.page === undefined || rule.page === call.page;
}

/** The parsed fault without the `undefined` that an optional field may hold. */
function playable(parsed: z.infer<typeof fault>): Fault {
  if (parsed.kind === 'slow') {
    const followedBy = parsed.followedBy === undefined ? {} : { followedBy: playable(parsed.followedBy) };
    return { kind: 'slow', ms: parsed.ms, ...followedBy };
  }
  if (parsed.kind === 'tooManyRequests') {
    const { retryAfterSeconds } = parsed;
    return { kind: 'tooManyRequests', ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
  if (parsed.kind === 'lingers') {
    const { getsMs, listsMs, answer } = parsed;
    return {
      kind: 'lingers',
      ...(getsMs === undefined ? {} : { getsMs }),
      ...(listsMs === undefined ? {} : { listsMs }),
      ...(answer === undefined ? {} : { answer }),
    };
  }
  return parsed;
}
