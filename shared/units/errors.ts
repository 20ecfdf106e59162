/**
 * An amount in the owner's file that cannot be read. `problem` says what is wrong, `allowed` which forms
 * there are, `nearest` what was probably meant.
 */
export class AmountError extends Error {
  readonly value: string;
  readonly problem: string;
  readonly allowed: string;
  readonly nearest: string | undefined;

  constructor(value: string, problem: string, allowed: string, nearest?: string) {
    const meant = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
    super(`"${value}" ${problem}; allowed: ${allowed}${meant}`);
    this.name = 'AmountError';
    this.value = value;
    this.problem = problem;
    this.allowed = allowed;
    this.nearest = nearest;
  }
}
