/** Something sensitive in a job: what kind, and in which field. Never the text, nor a place in it. */
export interface Finding {
  /** The detector's name. */
  readonly detector: string;
  /**
   * The field's path in a Job resource, with `[]` for any item and `{}` for any name, as in
   * `configuration.query.queryParameters[].parameterValue`. A field that this version does not know ends in `.?`: its
   * name may be text too.
   */
  readonly field: string;
}
