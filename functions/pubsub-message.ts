import * as z from 'zod';
import { isProjectId } from '../shared/job/job-name.ts';
import type { HistoryRange } from '../shared/watch/history-range.ts';
import { History } from './history.schema.ts';

/** A message that will never be of use, however often it comes. Holds nothing of its payload. */
export class RefusedMessageError extends Error {
  override readonly name = 'RefusedMessageError';
  /** A static sentence. */
  readonly fault: string;
  readonly messageId: string | undefined;

  constructor(fault: string, messageId?: string) {
    super(`Pub/Sub message ${messageId ?? '(no messageId)'} is refused: ${fault}`);
    this.fault = fault;
    this.messageId = messageId;
  }
}

/** The envelope of a Pub/Sub push request; `data` is base64 [Pub/Sub: push subscriptions, message format]. */
const PushBody = z.object({
  message: z.object({
    data: z.string().optional(),
    messageId: z.string().max(200).optional().catch(undefined),
  }),
});

/** What is no name of a project may be anything, so it goes no further. */
const Sweep = z.strictObject({
  sweep: z.strictObject({
    projectId: z.string().refine(isProjectId),
    history: History.optional(),
  }),
});

/** What a message asks for. An audit entry is still untrusted: `readAuditEntry` parses it. */
export type Message = { readonly messageId: string | undefined } & (
  | { readonly kind: 'entry'; readonly entry: unknown }
  | { readonly kind: 'sweep'; readonly projectId: string; readonly history: HistoryRange | undefined }
);

/** The content of a message, parsed and not yet trusted. */
export interface Content {
  readonly content: unknown;
  readonly messageId: string | undefined;
}

/**
 * Decodes the body of a push request down to the JSON it carries.
 *
 * @throws RefusedMessageError
 */
export function readContent(body: unknown): Content {
  const push = PushBody.safeParse(body);
  if (!push.success) {
    throw new RefusedMessageError('it is no Pub/Sub push request: a message object is expected');
  }
  const { data, messageId } = push.data.message;
  const refused = (fault: string): RefusedMessageError => new RefusedMessageError(fault, messageId);
  if (data === undefined || data === '') throw refused('it has no data, only attributes');
  const bytes = Buffer.from(data, 'base64');
  if (!isBase64Of(bytes, data)) throw refused('its data is not base64');
  const content = parseJson(bytes.toString('utf8'));
  if (content === undefined) throw refused('its data is not JSON');
  return { content, messageId };
}

/**
 * Decodes the body of a push request to a function that watches jobs.
 *
 * @throws RefusedMessageError
 */
export function readPush(body: unknown): Message {
  const { content, messageId } = readContent(body);
  if (isObject(content) && Object.hasOwn(content, 'tick'))
    throw new RefusedMessageError('it is a tick, which is for the function tick', messageId);
  if (!isObject(content) || !Object.hasOwn(content, 'sweep'))
    return { kind: 'entry', entry: content, messageId };
  const sweep = Sweep.safeParse(content);
  if (!sweep.success)
    throw new RefusedMessageError(
      'its sweep is not {"sweep": {"projectId": "…"}}, of purge also with "history": {"from": "…", "to": "…"} of times such as 2026-09-01T12:00:00Z',
      messageId,
    );
  const { projectId, history } = sweep.data.sweep;
  return { kind: 'sweep', projectId, history, messageId };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/**
 * What ends a group of so many characters: those whose bits beyond the last whole byte are zero. One character is
 * no group. [RFC 4648, 4: the base 64 alphabet]
 */
const LAST_OF: readonly string[] = ['', '', 'AQgw', 'AEIMQUYcgkosw048'];

/** Of a character that needs two bytes Node reads the low one alone. */
const WIDE = /[\u0100-\uffff]/;

/**
 * Node passes over what is no base64, so fewer bytes come of it: their number proves all but what Node takes and
 * base64 has not, in a fifth of the time that it takes to write the bytes again. The padding may be missing.
 */
function isBase64Of(bytes: Buffer, data: string): boolean {
  const text = withoutPadding(data);
  const left = text.length % 4;
  if (bytes.length !== Math.floor((text.length * 3) / 4)) return false;
  if (text.includes('-') || text.includes('_') || WIDE.test(text)) return false;
  return left === 0 || (LAST_OF[left] ?? '').includes(text.slice(-1));
}

function withoutPadding(base64: string): string {
  if (!base64.endsWith('=')) return base64;
  return base64.slice(0, base64.endsWith('==') ? -2 : -1);
}

/** The parser's own error quotes the text, so it is dropped. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
