/** A set of characters: 1 at the code of each. */
export type Characters = Uint8Array;

const CODES = 0x10000;

/** Those up to 255 that a pattern matches. */
export function charactersOf(pattern: RegExp): Characters {
  const characters = new Uint8Array(CODES);
  for (let code = 0; code < 256; code += 1) if (pattern.test(String.fromCharCode(code))) characters[code] = 1;
  return characters;
}

/** From its start on, up to its end. */
export type Run = readonly [start: number, end: number];

/**
 * Where at least so many characters of a set stand in a row, from left to right. Where none do, only one in so many is
 * looked at, which no regular expression does: a first filter that leaves little of a usual query. Plain loops, for
 * the same reason.
 */
export function runsOf(text: string, characters: Characters, least: number): readonly Run[] {
  const runs: Run[] = [];
  const { length } = text;
  let floor = 0;
  let at = least - 1;
  while (at < length) {
    if (characters[text.charCodeAt(at)] === 1) {
      let start = at;
      while (start > floor && characters[text.charCodeAt(start - 1)] === 1) start -= 1;
      let end = at + 1;
      while (end < length && characters[text.charCodeAt(end)] === 1) end += 1;
      if (end - start >= least) runs.push([start, end]);
      floor = end;
      at = end;
    }
    at += least;
  }
  return runs;
}
