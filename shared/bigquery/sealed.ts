const PLACEHOLDER = '[redacted]';

/**
 * What must not be told: the text of a job, a token. However it is printed, serialised, interpolated or
 * inspected, it shows as `[redacted]`; a `Redacted` is the same for single texts of a job, which parsers alone open.
 */
export class Sealed<T> {
  readonly #content: T;

  constructor(content: T) {
    this.#content = content;
  }

  /** What is inside, for code that must have it. Nothing that comes of it may be printed or stored. */
  take(): T {
    return this.#content;
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  [Symbol.toPrimitive](): string {
    return PLACEHOLDER;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PLACEHOLDER;
  }
}
