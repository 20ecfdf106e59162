import type { Job, JobField } from '../job/job.ts';
import type { Measure } from '../limits/limit.ts';
import type { CancelPolicy, LimitAmount } from '../policy/policy.ts';
import type { Measured } from './verdict.ts';

type MeasuredValue = Extract<Measure, { readonly kind: 'value' }>;

/** How a job stands to a policy's limits at one moment. */
export interface Standing {
  /** The first limit, in the order of the file, that the job is above; or above its `warnAt` part. */
  readonly crossed: Measured | undefined;
  readonly warned: Measured | undefined;
  /** What is lacking to tell. Nothing is lacking once a limit is crossed. */
  readonly lacks: readonly JobField[];
  /** When this will change by the passing of time alone, or if the job goes on as it did so far. */
  readonly changesAtMs: number | undefined;
  /** When time alone will change this. */
  readonly certainAtMs: number | undefined;
}

/** How a job stands to no limit at all. */
const UNMEASURED: Standing = {
  crossed: undefined,
  warned: undefined,
  lacks: [],
  changesAtMs: undefined,
  certainAtMs: undefined,
};

/** A policy without limits fires on its match alone: then there is nothing to measure, and nothing crossed. */
export function measureLimits(policy: CancelPolicy, job: Job, nowMs: number): Standing {
  let { warned, lacks, changesAtMs, certainAtMs } = UNMEASURED;
  for (const amount of policy.limits) {
    const measure = amount.limit.measure(job, nowMs);
    const warnAmount = policy.warnAt === undefined ? undefined : amount.amount * policy.warnAt;
    if (measure.kind === 'lacks' && mayMatter(measure.atMost, warnAmount, amount.amount)) {
      lacks = [...lacks, ...measure.fields];
    }
    if (measure.kind !== 'value') continue;
    if (measure.value > amount.amount) return { ...UNMEASURED, crossed: toMeasured(amount, measure) };
    const isWarned = warnAmount !== undefined && measure.value >= warnAmount;
    if (isWarned) warned ??= toMeasured(amount, measure);
    // "At most 30m" allows 30m exactly: above it is the next millisecond. A warning comes at its part.
    const nextAtMs =
      isWarned || warnAmount === undefined
        ? plus(measure.reachesAtMs?.(amount.amount), 1)
        : measure.reachesAtMs?.(Math.ceil(warnAmount));
    changesAtMs = earliest(changesAtMs, nextAtMs);
    if (!measure.atItsRate) certainAtMs = earliest(certainAtMs, nextAtMs);
  }
  return { crossed: undefined, warned, lacks, changesAtMs, certainAtMs };
}

/** The earlier of two moments, either of which may never come. */
export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : Math.min(a, b);
}

function plus(a: number | undefined, b: number): number | undefined {
  return a === undefined ? undefined : a + b;
}

/** Whether what is lacking could bring the job to a warning or above the limit. */
function mayMatter(atMost: number | undefined, warnAmount: number | undefined, amount: number): boolean {
  if (atMost === undefined) return true;
  return atMost > amount || (warnAmount !== undefined && atMost >= warnAmount);
}

function toMeasured({ limit, amount }: LimitAmount, { value, basis }: MeasuredValue): Measured {
  return { limit: limit.key, unit: limit.unit, value, allowed: amount, ...(basis && { basis }) };
}
