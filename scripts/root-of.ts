import { fileURLToPath } from 'node:url';

/** The repository that a script is run on: its own, or the one whose path it was given. */
export function rootOf(args: readonly string[]): string {
  return args[0] ?? fileURLToPath(new URL('..', import.meta.url));
}
