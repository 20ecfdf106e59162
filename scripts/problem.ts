/** Something that breaks a rule of the house. */
export interface Problem {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What stands there, and what is allowed instead. */
  readonly message: string;
}

/** `FILE:LINE message`, one a line. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(({ path, line, message }) => `${path}:${line} ${message}\n`).join('');
}
