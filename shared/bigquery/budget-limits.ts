export interface BudgetLimits {
  /** In any one second, for each method. */
  readonly requestsPerSecond: number;
  readonly inFlight: number;
  /** How long a call that was given up counts as in flight, if it does not settle before. */
  readonly abandonedMs: number;
}

/**
 * What Google allows one account [bigquery-facts: Jobs API, Limits]. Instances of one function share an
 * account and know nothing of each other: several at once need a part of it each.
 *
 * A call is given up after 20 s of silence, and gives its place back as long again after that. BigQuery may still
 * count it, but refuses at worst a call too many, which is repeated; an instance whose places are all held by calls
 * that never come back stops nothing, however well BigQuery is by then.
 */
export const GOOGLE_LIMITS: BudgetLimits = { requestsPerSecond: 100, inFlight: 300, abandonedMs: 20_000 };

/**
 * What each of several instances may take, so that all together stay within the limits. At least one request
 * a second and one in flight: more instances than that are throttled by Google, and back off.
 */
export function shareOf(limits: BudgetLimits, instances: number): BudgetLimits {
  const part = (whole: number): number => Math.max(1, Math.floor(whole / instances));
  const { requestsPerSecond, inFlight } = limits;
  return { ...limits, requestsPerSecond: part(requestsPerSecond), inFlight: part(inFlight) };
}
