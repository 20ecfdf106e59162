/** Thrown for an owner's pattern that cannot be used. It tells of the pattern, never of a text that it was tried on. */
export class InvalidPatternError extends Error {
  override readonly name = 'InvalidPatternError';
  readonly pattern: string;
  /** What is wrong, in a few words. */
  readonly fault: string;
  /** The part of the pattern that is at fault; absent: all of it. */
  readonly part: string | undefined;

  constructor(pattern: string, fault: string, part?: string) {
    const where = part === undefined || part === pattern ? '' : ` at "${part}"`;
    super(`the pattern "${pattern}" cannot be used: ${fault}${where}; write it in the syntax of RE2`);
    this.pattern = pattern;
    this.fault = fault;
    this.part = part;
  }
}

/** Thrown at a rule of the library that asks for lines and columns, which none of this version does. */
export class NoPlacesError extends Error {
  override readonly name = 'NoPlacesError';

  constructor() {
    super('a rule of the detector library asked for a place in a text; none is told: leave the rule out');
  }
}
