import { commentEnd, literalEnd } from '../../job/sql-lexis.ts';

/** Tells code of a GoogleSQL text from its literals and comments. Asked from left to right, it reads the text once. */
export class SqlCode {
  readonly #sql: string;
  #at = 0;

  constructor(sql: string) {
    this.#sql = sql;
  }

  /** @param place no smaller than it was in the call before */
  isCode(place: number): boolean {
    while (this.#at <= place) {
      const at = this.#at;
      const end = commentEnd(this.#sql, at) ?? literalEnd(this.#sql, at);
      if (end !== undefined && place < end) return false;
      this.#at = end ?? at + 1;
    }
    return true;
  }
}
