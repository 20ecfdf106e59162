import { type Changed, changedBy } from './change.ts';
import { withoutFilledIn } from './filled-in.ts';
import type { JsonObject } from './json.ts';
import { withoutOutputOnly } from './output-only.ts';
import { type StatementKind, statementKindOf } from './statement-kind.ts';

/**
 * A resource without all that belongs to the run that it tells of: the job as the user sent it, as far as can be told.
 *
 * @param kind of statement, where somebody knows better than the resource
 */
export function withoutOldRun(
  resource: JsonObject,
  kind: StatementKind = statementKindOf(resource),
): Changed {
  return changedBy(resource, [withoutOutputOnly, (object) => withoutFilledIn(object, kind)]);
}
