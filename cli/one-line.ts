/** What moves the cursor, begins a line, or turns the direction of text. */
const NOT_PRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

/**
 * Text that others chose, as a part of a line for a person. A forged entry may bear anything for a name: what would
 * act on the terminal, or look like a line of ours, is shown as an escape.
 */
export function oneLine(text: string): string {
  return text.replace(NOT_PRINTABLE, (character) => {
    const code = character.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${code}`;
  });
}
