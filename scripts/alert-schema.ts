import * as z from 'zod';
import { Alert } from '../shared/alert/alert.schema.ts';

/** The published JSON Schema of alerts: the text of docs/alert.schema.json. */
export function alertSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(Alert);
  const head = {
    $schema,
    title: 'An alert of the BigQuery Job Watchdog, as a CloudEvent in structured mode',
  };
  return `${JSON.stringify({ ...head, ...schema }, undefined, 2)}\n`;
}
