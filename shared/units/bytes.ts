import { decimal, MAX_AMOUNT_LENGTH, times } from './decimal.ts';
import { AmountError } from './errors.ts';

interface ByteUnit {
  readonly name: string;
  readonly bytes: number;
  readonly family: 'binary' | 'decimal';
}

/** Binary before decimal, large before small: of two equally short ways to print a size the first is taken. */
const UNITS: readonly ByteUnit[] = [
  ...['KiB', 'MiB', 'GiB', 'TiB', 'PiB']
    .map((name, index) => unit(name, 1024 ** (index + 1), 'binary'))
    .reverse(),
  ...['KB', 'MB', 'GB', 'TB', 'PB']
    .map((name, index) => unit(name, 1000 ** (index + 1), 'decimal'))
    .reverse(),
];

const UNIT_BYTES: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ...UNITS.map(({ name, bytes }): [string, number] => [name, bytes]),
]);

const BYTES_FORMS = '10 TiB, 1.5 TiB, 500 GB (binary KiB to PiB, decimal KB to PB, or B)';

/**
 * Reads a size as people write it: `10 TiB`, `1.5TiB`, `500 GB`, `1024 B`. `TiB` is 1024⁴ bytes, `TB` 1000⁴.
 * A fraction of a byte that a decimal leaves over (`1.1 TiB`) is dropped.
 *
 * @returns bytes, a whole number above zero
 * @throws AmountError
 */
export function parseBytes(text: string): number {
  if (text.length > MAX_AMOUNT_LENGTH) throw fault(`${text.slice(0, 20)}…`, 'is too long for a size');
  if (/^\s*-\s*\d/.test(text)) throw fault(text, 'is negative; a size must be above zero');
  const parts = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text);
  const number = parts?.[1];
  if (number === undefined) throw fault(text, 'is no size');
  const value = decimal(number);
  if (value.digits === 0n) throw fault(text, 'is zero; a size must be above zero');
  const name = parts?.[2] ?? '';
  if (name === '') throw fault(text, 'is no size: its unit is missing');
  const unitBytes = UNIT_BYTES.get(name);
  if (unitBytes === undefined) throw unknownUnit(text, number, name);
  const { whole, exact } = times(value, unitBytes);
  if (whole === 0n || (unitBytes === 1 && !exact)) throw fault(text, 'is finer than a byte');
  if (whole > BigInt(Number.MAX_SAFE_INTEGER))
    throw fault(text, 'is too large; the most is 8 PiB less a byte');
  return Number(whole);
}

/** For a sentence, and exact: `10 TiB`, `500 GB`, `1.5 GiB`; what is round in no unit is told in bytes. */
export function printBytes(bytes: number): string {
  let shortest = `${bytes} B`;
  for (const { name, bytes: unitBytes } of UNITS) {
    const text = `${bytes / unitBytes} ${name}`;
    if (text.length < shortest.length && isRound(bytes, unitBytes)) shortest = text;
  }
  return shortest;
}

/** Three decimals say it exactly: then the quotient of the two is printed with no more than these. */
function isRound(bytes: number, unitBytes: number): boolean {
  return bytes >= unitBytes && (BigInt(Math.trunc(bytes)) * 1000n) % BigInt(unitBytes) === 0n;
}

/** The unit in which a size is told beside another: the largest of the other's family that it fills once. */
export function unitBeside(bytes: number, other: number): { readonly name: string; readonly bytes: number } {
  const shown = printBytes(other).split(' ')[1] ?? 'B';
  const family = UNITS.find(({ name }) => name === shown)?.family ?? 'binary';
  const fitting = UNITS.find((candidate) => candidate.family === family && bytes >= candidate.bytes);
  return fitting ?? { name: 'B', bytes: 1 };
}

function unknownUnit(text: string, number: string, name: string): AmountError {
  const upper = `${name.toUpperCase()}${/b$/i.test(name) ? '' : 'B'}`;
  const nearest = [...UNIT_BYTES.keys()].find((known) => known.toUpperCase() === upper);
  const meant = nearest === undefined ? undefined : `${number} ${nearest}`;
  return fault(text, `has the unit "${name}", which is none`, meant);
}

function unit(name: string, bytes: number, family: ByteUnit['family']): ByteUnit {
  return { name, bytes, family };
}

function fault(value: string, problem: string, nearest?: string): AmountError {
  return new AmountError(value, problem, BYTES_FORMS, nearest);
}
