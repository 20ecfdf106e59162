import type { JobText } from './detector.ts';
import { MEASURES } from './exempt-fields.ts';
import { type Place, ROOT, stepInto, stepToItem } from './place.ts';

/** A text of a job and the field that it stands in, called as in `Finding`. */
export interface FieldText extends JobText {
  readonly field: string;
}

interface Visit {
  readonly value: unknown;
  readonly place: Place;
  /** What the value is called; an item is called as its list. */
  readonly key: string;
}

/**
 * Every text of a Job resource as `jobs.get` gives it: values, and names that are a user's own. What stands in a
 * field that no table knows is text too, for the API may be newer than we are.
 */
export function* textsOf(resource: unknown): Generator<FieldText> {
  // A stack of our own, the next on top: no depth of a resource can exhaust the machine's.
  const visits: Visit[] = [{ value: resource, place: ROOT, key: '' }];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    const { value, place } = visit;
    const text = textIn(visit);
    if (text !== undefined) yield textAt(text, place);
    else if (Array.isArray(value)) {
      const inner = stepToItem(place);
      for (const item of value.toReversed()) visits.push({ value: item, place: inner, key: visit.key });
    } else if (typeof value === 'object' && value !== null) {
      const named = { ...place, name: ownName(value) ?? place.name };
      for (const [key, inner] of Object.entries(value).toReversed()) {
        const step = stepInto(named, key);
        if (step.keyIsText) yield textAt(key, { ...step.place, name: undefined });
        visits.push({ value: inner, place: step.place, key });
      }
    }
  }
}

const WHOLE_NUMBER = /^-?\d+$/;

/** A shorter number is nothing that a detector knows. */
const LEAST_NUMBER = 1e8;

/** The value as text, if it is one that is looked at. */
function textIn({ value, place, key }: Visit): string | undefined {
  if (typeof value === 'string') {
    const isMeasure = place.isStatistic && MEASURES.has(key) && WHOLE_NUMBER.test(value);
    return isMeasure || place.node?.exempt === true ? undefined : value;
  }
  if (typeof value !== 'number' || MEASURES.has(key)) return undefined;
  return Number.isInteger(value) && Math.abs(value) >= LEAST_NUMBER ? String(value) : undefined;
}

function textAt(text: string, { field, isSql, isNamed, name }: Place): FieldText {
  return { text, field, isSql, ...(isNamed && name !== undefined && { name }) };
}

/** Of a query parameter, or of a connection property. */
function ownName(object: object): string | undefined {
  const name = 'name' in object ? object.name : 'key' in object ? object.key : undefined;
  return typeof name === 'string' ? name : undefined;
}
