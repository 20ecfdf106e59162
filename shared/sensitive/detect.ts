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
  const harmless = new Set<string>();
  for (const { field, ...given } of textsOf(resource)) {
    const key = given.text.length <= SHORT ? `${given.isSql} ${given.name ?? ''}\n${given.text}` : undefined;
    if (key !== undefined && harmless.has(key)) continue;
    const open = detectors.filter(({ name }) => !findings.has(keyOf(name, field)));
    if (open.length === 0) continue;
    const readings = readingsOf(given);
    const found = open.filter((one) => readings.some((reading) => one.finds(reading)));
    for (const { name: detector } of found) findings.set(keyOf(detector, field), { detector, field });
    if (key !== undefined && found.length === 0 && open.length === detectors.length) harmless.add(key);
  }
  return [...findings.values()];
}

/** Short texts come again and again, such as types: one that was harmless to all detectors is not shown again. */
const SHORT = 64;

/** As it stands, and as whoever runs it reads it. */
function readingsOf(given: JobText): readonly JobText[] {
  const text = unescaped(given.text);
  return text === given.text ? [given] : [given, { ...given, text }];
}

function keyOf(detector: string, field: string): string {
  return `${field} ${detector}`;
}
