/** There is no policy to serve: the file is broken, and no good text was ever stored. */
export class NoPolicyError extends Error {
  override readonly name = 'NoPolicyError';
}
