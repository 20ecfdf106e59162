/** A pattern of the policy file, where `*` stands for any run of characters. It covers the whole string. */
export interface Glob {
  readonly text: string;
  matches(value: string): boolean;
}
