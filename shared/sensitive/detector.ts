/** One text of a job, and what tells what it is. */
export interface JobText {
  readonly text: string;
  /** What the job calls it: of a parameter, a label, a connection property. A password says so there, not in itself. */
  readonly name?: string;
  /** Whether it is GoogleSQL, where what stands outside of literals and comments names columns and not secrets. */
  readonly isSql: boolean;
}

/** Knows one kind of sensitive text. Pure, and linear in the length of the text. */
export interface Detector {
  /** As the policy file and the findings call it. */
  readonly name: string;
  /** Of an owner's own: what it looks for. */
  readonly pattern?: string;
  /** Only whether: neither what nor where leaves a detector. */
  finds(given: JobText): boolean;
}
