import * as z from 'zod';
import { RestJob } from '../job/rest-job.schema.ts';
import { CancelBody, ListBody } from './answer.schema.ts';

/**
 * What we ask BigQuery to answer with: the parameter `fields`, which each of its methods takes
 * [doc: bigquery/docs/api-performance, Partial response]. It names what our schemas read, and is made of them, so
 * that a field that is added to one is asked for. A name that the answer's resource does not have would be refused
 * ("Invalid field selection"): an error is answered whole, so none is named for it.
 */

/** The text of a query may hold a megabyte, and nothing that follows an answer reads it. */
const QUERY_TEXT = 'configuration/query/query';
/** Fields of a ListFormatJob that a Job has not [discovery document, revision 20250528]. */
const OF_LIST_ITEMS = ['state', 'errorResult'];

/** Of the answer of `jobs.get`. */
export const GET_FIELDS = fieldsOf(RestJob, [QUERY_TEXT, ...OF_LIST_ITEMS]);

/** Of the answer of `jobs.cancel`. */
export const CANCEL_FIELDS = Object.keys(CancelBody.shape)
  .map((key) => (key === 'job' ? `job(${GET_FIELDS})` : key))
  .join(',');

/** Of the answer of `jobs.list`. */
export const LIST_FIELDS = Object.keys(ListBody.shape)
  .map((key) => (key === 'jobs' ? `jobs(${fieldsOf(RestJob, [QUERY_TEXT])})` : key))
  .join(',');

/** The fields of an object schema as `a,b(c,d)`, without those of the paths (`b/c`); empty for a plain value. */
function fieldsOf(schema: unknown, without: readonly string[], path = ''): string {
  return Object.entries(shapeOf(schema))
    .filter(([key]) => !without.includes(path + key))
    .map(([key, field]) => {
      const inner = fieldsOf(field, without, `${path}${key}/`);
      return inner === '' ? key : `${key}(${inner})`;
    })
    .join(',');
}

/** The shape that stands inside what makes a schema tolerant, or a list. */
function shapeOf(schema: unknown): Readonly<Record<string, unknown>> {
  if (schema instanceof z.ZodObject) return schema.shape;
  if (schema instanceof z.ZodOptional) return shapeOf(schema.unwrap());
  if (schema instanceof z.ZodArray) return shapeOf(schema.element);
  if (!(schema instanceof z.ZodPipe)) return {};
  const after = shapeOf(schema.out);
  return Object.keys(after).length > 0 ? after : shapeOf(schema.in);
}
