import type * as z from 'zod';
import { amount, object, text } from './google-json.schema.ts';

/** A `google.rpc.Status`, as both audit formats tell errors: a number, and no BigQuery reason. */
export const RpcStatus = object({ code: amount, message: text });
export type RpcStatus = NonNullable<z.infer<typeof RpcStatus>>;
