import { BYTES_FORMS, parseBytes, printBytes, unitBeside } from './bytes.ts';
import { DURATION_FORMS, parseDuration, printDuration } from './duration.ts';

/** What a limit counts: milliseconds or bytes, both whole numbers. */
export type AmountUnit = 'duration' | 'bytes';

/**
 * Reads an amount of the policy file: milliseconds or bytes.
 *
 * @throws AmountError
 */
export function parseAmount(unit: AmountUnit, text: string): number {
  return unit === 'duration' ? parseDuration(text) : parseBytes(text);
}

/** The forms that `parseAmount` reads, for messages and for the reference. */
export function amountForms(unit: AmountUnit): string {
  return unit === 'duration' ? DURATION_FORMS : BYTES_FORMS;
}

/** For a sentence, exact to the millisecond or byte. */
export function printAmount(unit: AmountUnit, value: number): string {
  return unit === 'duration' ? printDuration(value) : printBytes(value);
}

/**
 * What was measured, for a sentence that goes on with what is allowed: rounded down as far as people want it
 * (`42 min`, `12.3 TiB`), but never so far that a value above the allowed one reads as equal to it or below.
 */
export function printMeasured(unit: AmountUnit, value: number, allowed: number): string {
  return unit === 'duration' ? measuredDuration(value, allowed) : measuredBytes(value, allowed);
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

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function keepsOrder(shown: number, value: number, allowed: number): boolean {
  return value <= allowed || shown > allowed;
}
