import { parseBytes, printBytes, unitBeside } from './bytes.ts';
import { parseDuration, printDuration } from './duration.ts';
import { parseSlots, printSlots } from './slots.ts';
import { floorUsd, parseUsd, printUsd } from './usd.ts';

/** What a limit counts: milliseconds and bytes, whole numbers both; US dollars; slots. */
export const AMOUNT_UNITS = ['duration', 'bytes', 'usd', 'slots'] as const;
export type AmountUnit = (typeof AMOUNT_UNITS)[number];

interface UnitWords {
  parse(text: string): number;
  print(value: number): string;
  printMeasured(value: number, allowed: number): string;
}

/** A new unit is a file beside this one and an entry here. */
const UNITS: Readonly<Record<AmountUnit, UnitWords>> = {
  duration: {
    parse: parseDuration,
    print: printDuration,
    printMeasured: measuredDuration,
  },
  bytes: { parse: parseBytes, print: printBytes, printMeasured: measuredBytes },
  usd: { parse: parseUsd, print: printUsd, printMeasured: measuredUsd },
  slots: { parse: parseSlots, print: printSlots, printMeasured: measuredSlots },
};

/**
 * Reads an amount of the policy file, in its unit.
 *
 * @throws AmountError
 */
export function parseAmount(unit: AmountUnit, text: string): number {
  return UNITS[unit].parse(text);
}

/** For a sentence, and exact. */
export function printAmount(unit: AmountUnit, value: number): string {
  return UNITS[unit].print(value);
}

/**
 * What was measured, for a sentence that goes on with what is allowed: rounded down as far as people want it
 * (`42 min`, `12.3 TiB`, `62.50 USD`), but never so far that a value above the allowed one reads as equal to it
 * or below.
 */
export function printMeasured(unit: AmountUnit, value: number, allowed: number): string {
  return UNITS[unit].printMeasured(value, allowed);
}

const STEPS_MS = [60_000, 1_000];

function measuredDuration(ms: number, allowed: number): string {
  // A step is fine enough when it is less than a tenth of the value.
  const step = STEPS_MS.find(
    (candidate) => ms >= 10 * candidate && keepsOrder(floorTo(ms, candidate), ms, allowed),
  );
  return printDuration(step === undefined ? ms : floorTo(ms, step));
}

function measuredBytes(bytes: number, allowed: number): string {
  const unit = unitBeside(bytes, allowed);
  for (const divisor of [1n, 10n, 100n, 1000n]) {
    const floored = (BigInt(Math.trunc(bytes)) * divisor) / BigInt(unit.bytes);
    const shown = Number(floored) / Number(divisor);
    const enough = floored >= 100n || unit.bytes === 1;
    if (enough && keepsOrder(shown * unit.bytes, bytes, allowed)) return `${shown} ${unit.name}`;
  }
  return printBytes(bytes);
}

/** Cents, and more decimals where cents are too coarse for two figures. */
function measuredUsd(usd: number, allowed: number): string {
  const fine = [2, 4, 6, 9].find((decimals) => {
    const shown = floorUsd(usd, decimals);
    return shown * 10 ** decimals >= 10 && keepsOrder(shown, usd, allowed);
  });
  return printUsd(fine === undefined ? usd : floorUsd(usd, fine));
}

function measuredSlots(slots: number, allowed: number): string {
  const fine = [1, 10, 1000].find((parts) => {
    const shown = Math.floor(slots * parts) / parts;
    return shown * parts >= 10 && keepsOrder(shown, slots, allowed);
  });
  return printSlots(fine === undefined ? slots : Math.floor(slots * fine) / fine);
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function keepsOrder(shown: number, value: number, allowed: number): boolean {
  return value <= allowed || shown > allowed;
}
