import { SHARE_FROM_ACTS } from '../enforce/sweep-gate.ts';
import { isAct } from '../judge/precedence.ts';
import type { CancelPolicy, Policies } from '../policy/policy.ts';
import { printDuration } from '../units/duration.ts';
import type { Sight } from './sight.ts';

/** A breaker that would trip, and so keep a policy from acting. */
export interface WouldTrip {
  readonly policy: string;
  /** For a person: of how much it would keep the policy. */
  readonly why: string;
}

/** What a sweep would do about one job that a policy calls to cancel. */
export interface SettledAct {
  readonly sight: Sight;
  /** The policy that the job would be cancelled for; absent when it would not be. */
  readonly policy?: string;
  /** Those before it that call for the act too, each with an open breaker. */
  readonly heldBack: readonly string[];
}

export interface Settled {
  readonly trips: readonly WouldTrip[];
  /** In the order in which they were counted. */
  readonly acts: readonly SettledAct[];
}

/** A job with the policies that call for its act and have not been asked yet. */
interface Waiting {
  readonly sight: Sight;
  readonly callers: readonly string[];
  policy?: string;
  readonly heldBack: string[];
}

/**
 * Whether sweeps would do what a scan found, project after project: the breaker of a policy that finds too much of
 * a project guilty trips before its first act, one whose slots run out trips after the last of them, and what an open
 * one holds back falls to the next policy that calls for it (design, rule 8). Slots that are in use already only the
 * ledger knows.
 */
export class ScanBreakers {
  readonly #policies: Policies;
  /** Deployment-wide, as breakers are: by policy, how many slots the projects until now would take. */
  readonly #taken = new Map<string, number>();
  readonly #open = new Set<string>();
  #waiting: Waiting[] = [];

  constructor(policies: Policies) {
    this.#policies = policies;
  }

  /** Counts a job of the project that a policy calls to cancel. */
  count(sight: Sight): void {
    const callers = sight.verdict.findings.filter(isAct).map(({ policy }) => policy);
    this.#waiting.push({ sight, callers, heldBack: [] });
  }

  /**
   * Ends the project.
   *
   * @param jobs how many pending and running jobs it has; undefined when nobody can say: then no share is weighed
   */
  settle(jobs: number | undefined): Settled {
    const acts = this.#waiting;
    this.#waiting = [];
    return { trips: this.#policies.cancel.flatMap((policy) => this.#ask(policy, acts, jobs) ?? []), acts };
  }

  #ask(policy: CancelPolicy, all: readonly Waiting[], jobs: number | undefined): WouldTrip | undefined {
    const { name, breaker } = policy;
    const asking = all.filter((act) => act.policy === undefined && act.callers[act.heldBack.length] === name);
    const wasOpen = this.#open.has(name);
    const overShare = jobs !== undefined && isOverShare(policy, asking.length, jobs);
    const taken = this.#taken.get(name) ?? 0;
    const left = wasOpen || overShare ? 0 : breaker.acts - taken;
    for (const [index, act] of asking.entries()) {
      if (index < left) act.policy = name;
      else act.heldBack.push(name);
    }
    this.#taken.set(name, taken + Math.min(left, asking.length));
    if (wasOpen || asking.length <= left) return undefined;
    this.#open.add(name);
    if (!overShare) return { policy: name, why: whyUsedUp(policy, asking.length, left) };
    const percent = Math.round(breaker.share * 100);
    return {
      policy: name,
      why: `${asking.length} of ${jobs} pending and running jobs are guilty, more than ${percent} %: none would be cancelled for it`,
    };
  }
}

function isOverShare({ breaker }: CancelPolicy, acts: number, jobs: number): boolean {
  return acts >= SHARE_FROM_ACTS && acts > breaker.share * jobs;
}

function whyUsedUp({ breaker }: CancelPolicy, acts: number, left: number): string {
  const bound = `${breaker.acts} within ${printDuration(breaker.perMs)}`;
  return `${acts} jobs are guilty, and ${left} of the ${bound} that its breaker allows are left: ${left} would be cancelled for it`;
}
