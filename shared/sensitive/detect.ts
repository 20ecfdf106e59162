import type { Detector, JobText } from './detector.ts';
import type { Finding } from './finding.ts';
import { textsOf } from './texts.ts';
import { unescaped } from './unescaped.ts';

/**
 * What is sensitive in a job: each detector at most once a field, in the order of the fields. Pure, and linear in
 * the size of the resource.
 *
 * @param resource a Job as `jobs.get` gives it, whole: entries of the audit log and items of lists are cut
 */
export function detect(resource: unknown, detectors: readonly Detector[]): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const { field, ...given } of textsOf(resource)) {
    const open = detectors.filter(({ name }) => !findings.has(keyOf(name, field)));
    if (open.length === 0) continue;
    const readings = readingsOf(given);
    for (const { name: detector } of open.filter((one) => readings.some((reading) => one.finds(reading)))) {
      findings.set(keyOf(detector, field), { detector, field });
    }
  }
  return [...findings.values()];
}

/** As it stands, and as whoever runs it reads it. */
function readingsOf(given: JobText): readonly JobText[] {
  const text = unescaped(given.text);
  return text === given.text ? [given] : [given, { ...given, text }];
}

function keyOf(detector: string, field: string): string {
  return `${field} ${detector}`;
}
