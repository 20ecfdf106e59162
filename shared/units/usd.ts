import { MAX_AMOUNT_LENGTH } from './decimal.ts';
import { AmountError } from './errors.ts';

const USD_FORMS = '50 USD, 0.5 USD (US dollars, down to 0.000001)';

const MOST = 1_000_000_000;

/**
 * Reads an amount of money: `50 USD`, `0.5 USD`. Prices are in US dollars, and so are limits.
 *
 * @returns US dollars, above zero, with at most six decimals
 * @throws AmountError
 */
export function parseUsd(text: string): number {
  if (text.length > MAX_AMOUNT_LENGTH) throw fault(`${text.slice(0, 20)}…`, 'is too long for an amount');
  if (/^\s*-\s*\d/.test(text)) throw fault(text, 'is negative; an amount must be above zero');
  const dollars = /^\$ ?(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  if (dollars !== undefined) throw fault(text, 'is no amount of USD', `${dollars} USD`);
  const parts = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text);
  const number = parts?.[1];
  if (number === undefined) throw fault(text, 'is no amount of USD');
  if (Number(number) === 0) throw fault(text, 'is zero; an amount must be above zero');
  const unit = parts?.[2] ?? '';
  if (unit === '') throw fault(text, 'is no amount of USD: its unit is missing', `${number} USD`);
  if (unit !== 'USD') {
    const meant = unit.toUpperCase() === 'USD' ? `${number} USD` : undefined;
    throw fault(text, `has the unit "${unit}", and prices are in USD`, meant);
  }
  if ((number.split('.')[1] ?? '').length > 6) throw fault(text, 'is finer than a millionth of a dollar');
  if (Number(number) > MOST) throw fault(text, 'is more than a billion dollars');
  return Number(number);
}

/** For a sentence, and exact: `50 USD`, `0.50 USD`, `0.000125 USD`. */
export function printUsd(usd: number): string {
  const [whole = '0', fraction = ''] = plain(usd).split('.');
  return fraction === '' ? `${whole} USD` : `${whole}.${fraction.padEnd(2, '0')} USD`;
}

/** Cut after so many decimals, never rounded up. */
export function floorUsd(usd: number, decimals: number): number {
  const [whole = '0', fraction = ''] = plain(usd).split('.');
  return Number(`${whole}.${fraction.slice(0, decimals)}0`);
}

/** An upper bound is rounded up to the cent, beyond the noise of its last digits. */
export function ceilCents(usd: number): number {
  return Math.ceil(usd * 100 - 1e-6) / 100;
}

/** All digits, without an exponent. */
function plain(usd: number): string {
  const text = String(usd);
  return text.includes('e') ? usd.toFixed(12).replace(/\.?0+$/, '') : text;
}

function fault(value: string, problem: string, nearest?: string): AmountError {
  return new AmountError(value, problem, USD_FORMS, nearest);
}
