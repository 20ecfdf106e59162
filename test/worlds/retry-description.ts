import type { BreakerDescription, SelectorDescription } from './selector-description.ts';

/** A policy with `retry`, in the world's own words. What is absent is left to the product's usual values. */
export interface RetryDescription {
  readonly name: string;
  readonly mode?: 'enforce' | 'observe';
  readonly match: SelectorDescription;
  readonly except: readonly SelectorDescription[];
  readonly reasons?: readonly string[];
  readonly attempts?: number;
  readonly backoff: BackoffDescription;
  readonly deadlineMs: number;
  readonly repeatsWrites?: true;
  readonly guards?: GuardsDescription;
  readonly caps?: CapsDescription;
  readonly breaker?: BreakerDescription;
}

export interface BackoffDescription {
  readonly initialMs: number;
  readonly factor: number;
  readonly maxMs: number;
}

export interface GuardsDescription {
  readonly jobTimeoutMs?: number;
  readonly maximumBytesBilled?: number;
  readonly priority?: 'BATCH';
  readonly labels?: Readonly<Record<string, string>>;
}

export interface CapsDescription {
  readonly perProject?: number;
  readonly perPrincipal?: number;
}

/** Its `retry` as an owner would write it. */
export function writtenRetry(policy: RetryDescription): Record<string, unknown> {
  const { reasons, attempts, backoff, deadlineMs, repeatsWrites, guards, caps } = policy;
  const { initialMs, factor, maxMs } = backoff;
  return {
    ...(reasons && { reasons }),
    ...(attempts !== undefined && { attempts }),
    backoff: { initial: `${initialMs}ms`, factor, max: `${maxMs}ms` },
    deadline: `${deadlineMs / 1_000}s`,
    ...(repeatsWrites && { allowRepeatedWrites: true }),
    ...(guards && { guards: writtenGuards(guards) }),
    ...(caps && { caps: writtenCaps(caps) }),
  };
}

function writtenGuards({ jobTimeoutMs, maximumBytesBilled, priority, labels }: GuardsDescription): object {
  return {
    ...(jobTimeoutMs !== undefined && { jobTimeout: `${jobTimeoutMs}ms` }),
    ...(maximumBytesBilled !== undefined && { maximumBytesBilled: `${maximumBytesBilled} B` }),
    ...(priority && { priority }),
    ...(labels && { labels }),
  };
}

function writtenCaps({ perProject, perPrincipal }: CapsDescription): object {
  return {
    ...(perProject !== undefined && { perProjectPerHour: perProject }),
    ...(perPrincipal !== undefined && { perPrincipalPerHour: perPrincipal }),
  };
}
