import { type Changed, changedBy } from './change.ts';
import { withoutFilledIn } from './filled-in.ts';
import type { JsonObject } from './json.ts';
import { withoutOutputOnly } from './output-only.ts';
import { statementKindOf } from './statement-kind.ts';

/** A resource without all that belongs to the run that it tells of: the job as the user sent it, as far as can be told. */
export function withoutOldRun(resource: JsonObject): Changed {
  const kind = statementKindOf(resource);
  return changedBy(resource, [withoutOutputOnly, (object) => withoutFilledIn(object, kind)]);
}
