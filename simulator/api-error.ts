import { withoutAbsent } from './json.ts';

/** The canonical code that stands beside an HTTP status (google.rpc.Code). */
const STATUS_WORDS: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [409, 'ALREADY_EXISTS'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
]);

export interface ApiErrorDetails {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** The parameter or place at fault, as BigQuery's `location` of an error. */
  readonly location?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body, where it is not as BigQuery's is. */
  readonly body?: unknown;
}

/** An answer that is an error in Google's format. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly reason: string;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly #body: unknown;

  constructor(details: ApiErrorDetails) {
    super(details.message);
    this.code = details.code;
    this.reason = details.reason;
    this.location = details.location;
    this.headers = details.headers ?? {};
    this.#body = details.body;
  }

  /** `{error: {code, message, errors: [{message, domain, reason, location?}], status}}`, as BigQuery answers. */
  body(): unknown {
    if (this.#body !== undefined) return this.#body;
    const first = withoutAbsent({
      message: this.message,
      domain: 'global',
      reason: this.reason,
      location: this.location,
      locationType: this.location === undefined ? undefined : 'parameter',
    });
    const status = STATUS_WORDS.get(this.code);
    return {
      error: withoutAbsent({ code: this.code, message: this.message, errors: [first], status }),
    };
  }
}

export function invalid(message: string, location?: string): ApiError {
  return new ApiError({
    code: 400,
    reason: 'invalid',
    message,
    ...(location === undefined ? {} : { location }),
  });
}

export function required(parameter: string): ApiError {
  return new ApiError({
    code: 400,
    reason: 'required',
    message: `Required parameter is missing: ${parameter}`,
    location: parameter,
  });
}

/** Without a location in the request BigQuery's text names none (nodejs-bigquery issue 1016). */
export function jobNotFound(name: { projectId: string; location?: string; jobId: string }): ApiError {
  const place = name.location === undefined ? '' : `${name.location}.`;
  return new ApiError({
    code: 404,
    reason: 'notFound',
    message: `Not found: Job ${name.projectId}:${place}${name.jobId}`,
  });
}

export function parseError(): ApiError {
  return new ApiError({ code: 400, reason: 'parseError', message: 'Parse Error' });
}
