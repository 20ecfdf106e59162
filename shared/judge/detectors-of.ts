import type { SensitiveRule } from '../policy/policy.ts';
import type { Detector } from '../sensitive/detector.ts';
import { ALL_DETECTORS } from '../sensitive/detectors/all-detectors.ts';

/** By what a policy looks for sensitive text: the built-in detectors that it names, and the owner's patterns. */
export function detectorsOf({ detectors, patterns }: SensitiveRule): readonly Detector[] {
  const named: ReadonlySet<string> = new Set(detectors);
  return [...ALL_DETECTORS.filter(({ name }) => named.has(name)), ...patterns];
}
