import type { AnswerHeaders } from './answer-headers.ts';

/** A request to a full address; the body is JSON. */
export interface TextRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface TextAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly text: string;
}

/**
 * One exchange whose answer stays text, on the transport of google-auth-library, which is loaded at the first call:
 * the one of `@google-cloud/bigquery` parses JSON and rounds its numbers. Any status is an answer, nothing is sent
 * again. Throws what the transport throws.
 */
export async function exchangeText(request: TextRequest, signal: AbortSignal): Promise<TextAnswer> {
  const { PassThroughClient } = await import('google-auth-library');
  const { method, url, body } = request;
  const response = await new PassThroughClient().request<string>({
    method,
    url,
    headers: { ...request.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    responseType: 'text',
    validateStatus: () => true,
    retry: false,
    signal,
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), text: response.data };
}

/** JSON as JavaScript reads it; `undefined` for what is none. */
export function parsedText(text: string): { readonly body?: unknown; readonly unreadable?: boolean } {
  if (text === '') return {};
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { unreadable: true };
  }
}
