import { createHmac } from 'node:crypto';

const PLACEHOLDER = '[redacted]';

/** How the parsers wrap a job's text: with a key it shows as a keyed hash, without one as a placeholder. */
export interface RedactionOptions {
  readonly redactionKey?: string | undefined;
}

/**
 * Text of a job (query, error message, parameter value) that must not be told. However it is printed,
 * serialised, interpolated or inspected, it shows as `[redacted]`, or as an HMAC-SHA-256 of the whole
 * text where a key was given. Never of a part: short parts are quickly guessed.
 */
export class Redacted {
  readonly #text: string;
  readonly #key: string | undefined;

  constructor(text: string, key?: string) {
    this.#text = text;
    this.#key = key === '' ? undefined : key;
  }

  /** The text itself, for code that must read it. Nothing that comes of it may be printed or stored. */
  expose(): string {
    return this.#text;
  }

  toString(): string {
    if (this.#key === undefined) return PLACEHOLDER;
    return `hmac-sha256:${createHmac('sha256', this.#key).update(this.#text).digest('hex')}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](): string {
    return this.toString();
  }

  /** What `console.log` and `util.inspect` show; the well-known symbol keeps this file free of `node:util`. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
