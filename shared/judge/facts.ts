/** Everything besides the job and the policies that a verdict may rest on. */
export interface Facts {
  readonly nowMs: number;
  /** When earlier `jobs.get` answers for this job lacked a field that a policy wants; oldest first. */
  readonly lackedAtMs: readonly number[];
  /**
   * Whether the job is a `jobs.get` answer: then what it lacks is not to be had by asking at once.
   * Anything else only nominates.
   */
  readonly looked: boolean;
}
