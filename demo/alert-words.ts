import type { Alert } from '../shared/alert/alert.schema.ts';

/** What an alert says of itself in a word: `cancelled`, or `breaker tripped` of one that is about no job. */
export function wordOf(alert: Alert): string {
  if ('step' in alert.data) return alert.data.step;
  return alert.type.split('.').slice(1, 3).join(' ');
}

/** So that what stands after the word is aligned. */
export const WORD_WIDTH = 'could-not-cancel'.length;
