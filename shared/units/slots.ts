import { MAX_AMOUNT_LENGTH } from './decimal.ts';
import { AmountError } from './errors.ts';

const SLOTS_FORMS = '500, 500 slots, 0.5 slots (at most three decimals)';

const MOST = 10_000_000;

/**
 * Reads a number of slots: `500`, `500 slots`.
 *
 * @returns slots, above zero
 * @throws AmountError
 */
export function parseSlots(text: string): number {
  if (text.length > MAX_AMOUNT_LENGTH)
    throw fault(`${text.slice(0, 20)}…`, 'is too long for a number of slots');
  if (/^\s*-\s*\d/.test(text)) throw fault(text, 'is negative; a number of slots must be above zero');
  const number = /^(\d+(?:\.\d{1,3})?)(?: ?slots?)?$/.exec(text)?.[1];
  if (number === undefined) throw fault(text, 'is no number of slots');
  if (Number(number) === 0) throw fault(text, 'is zero; a number of slots must be above zero');
  if (Number(number) > MOST) throw fault(text, 'is more than ten million');
  return Number(number);
}

/** For a sentence, and exact: `500 slots`, `1 slot`, `0.5 slots`. */
export function printSlots(slots: number): string {
  return `${slots} ${slots === 1 ? 'slot' : 'slots'}`;
}

function fault(value: string, problem: string): AmountError {
  return new AmountError(value, problem, SLOTS_FORMS);
}
