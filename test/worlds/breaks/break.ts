/** A deliberate fault: `from` must stand in the file exactly once. */
export interface Break {
  readonly name: string;
  readonly rule: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}
