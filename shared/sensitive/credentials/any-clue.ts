/** So many alternatives V8 still takes with leaps; with more it walks. */
const TOGETHER = 12;

/** Whether a text has any of the clues, in fewer passes than there are clues: most have none. */
export function anyClue(clues: readonly RegExp[]): (text: string) => boolean {
  const sources = [...new Set(clues.map(({ source }) => source))];
  const groups = Array.from({ length: Math.ceil(sources.length / TOGETHER) }, (_, group) => {
    return new RegExp(sources.slice(group * TOGETHER, (group + 1) * TOGETHER).join('|'));
  });
  return (text) => groups.some((group) => group.test(text));
}
