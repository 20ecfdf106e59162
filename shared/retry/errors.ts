/** Thrown for text that is no JSON; of the text, which may hold a query's, only the length is told. */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError';
  readonly length: number;

  constructor(length: number) {
    super(`the answer is ${length} characters that are no JSON; a Job resource was expected; ask again`);
    this.length = length;
  }
}
