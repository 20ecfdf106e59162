import type { Invariant } from '../invariant.ts';

/**
 * While a person has stopped everything nobody is asked. An act that is under way goes on only if its instance
 * found after its look at the job that nobody had.
 */
export const halted: Invariant = {
  name: 'nothing is done once a person has stopped everything',
  rule: 'rule 1: observe',
  *onCancel({ job, instance, atMs }, past) {
    const { stoppedSinceMs } = past;
    if (stoppedSinceMs === undefined) return;
    const lookedAtMs = past.looksAt(instance, job, 0, atMs).at(-1)?.atMs ?? atMs;
    const unstoppedAtMs = past.unstoppedReads.get(instance);
    if (unstoppedAtMs === undefined || unstoppedAtMs < lookedAtMs)
      yield `${job} was asked to stop ${(atMs - stoppedSinceMs) / 1_000} s after a person had stopped everything`;
  },
};
