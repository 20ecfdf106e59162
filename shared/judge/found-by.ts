import { detect } from '../sensitive/detect.ts';
import type { Detector } from '../sensitive/detector.ts';
import { fieldText } from '../sensitive/field-text.ts';
import { type Family, type Member, membersOf } from './family.ts';
import type { SensitiveReason } from './purge-verdict.ts';

/** What each detector found in a family: a field once, in the first member that has it there. */
export type FoundBy = ReadonlyMap<Detector, readonly SensitiveReason[]>;

/** Shows every text once to all detectors, however many policies ask for them. Linear in the size of the family. */
export function foundBy(members: readonly Member[], detectors: readonly Detector[]): FoundBy {
  const found = new Map<Detector, SensitiveReason[]>();
  for (const round of roundsOf(detectors)) {
    for (const [memberAt, { resource }] of members.entries()) {
      for (const { detector: name, field } of detect(resource, [...round.values()])) {
        const detector = round.get(name);
        if (detector !== undefined) addOnce(found, detector, { detector: name, field, memberAt });
      }
    }
  }
  return found;
}

/** Two policies may have patterns of one name, and findings tell detectors by their names: each goes into a round. */
function* roundsOf(detectors: readonly Detector[]): Generator<ReadonlyMap<string, Detector>> {
  let left = new Set(detectors);
  while (left.size > 0) {
    const round = new Map([...left].map((detector) => [detector.name, detector]));
    yield round;
    left = left.difference(new Set(round.values()));
  }
}

function addOnce(found: Map<Detector, SensitiveReason[]>, detector: Detector, reason: SensitiveReason): void {
  const reasons = found.get(detector);
  if (reasons === undefined) found.set(detector, [reason]);
  else if (!reasons.some(({ field }) => field === reason.field)) reasons.push(reason);
}

/**
 * All of the text in which a reason was found: for a hash of it, and for nothing that is printed or stored. Undefined
 * where the field is none of text, as who ran the job.
 */
export function foundText(family: Family, { field, memberAt }: SensitiveReason): string | undefined {
  const member = membersOf(family)[memberAt];
  const text = member === undefined ? '' : fieldText(member.resource, field);
  return text === '' ? undefined : text;
}
