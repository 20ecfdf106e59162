/** Whether an answer to a question says yes; no answer does not. */
export function isYes(answer: string | undefined): boolean {
  return /^y(es)?$/i.test((answer ?? '').trim());
}
