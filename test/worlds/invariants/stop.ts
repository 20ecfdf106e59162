import type { Invariant } from '../invariant.ts';

/**
 * While a person has stopped everything nobody is asked. An act that is under way goes on only if its instance
 * found, after its look at the job and after it said that it asks, that nobody had.
 */
export const halted: Invariant = {
  name: 'nothing is done once a person has stopped everything',
  rule: 'rule 1: observe',
  *onCancel({ job, instance, claim, atMs }, past) {
    const { stoppedSinceMs } = past;
    if (stoppedSinceMs === undefined) return;
    const lookedAtMs = past.looksAt(instance, job, 0, atMs).at(-1)?.atMs ?? atMs;
    const saidAtMs = claim?.asked.findLast(({ by }) => by === instance)?.atMs ?? lookedAtMs;
    const unstoppedAtMs = past.unstoppedReads.get(instance);
    if (unstoppedAtMs === undefined || unstoppedAtMs < Math.max(lookedAtMs, saidAtMs))
      yield `${job} was asked to stop ${(atMs - stoppedSinceMs) / 1_000} s after a person had stopped everything`;
  },
};
