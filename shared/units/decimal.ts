/** A decimal number as written, kept exact: `digits` divided by 10 to the power of `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Longer numbers than this are no amounts that anyone means; it also bounds the work. */
export const MAX_AMOUNT_LENGTH = 60;

/** Reads `12` or `1.5`. The caller has checked the form. */
export function decimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** `value` times `unit`: the whole part, and whether that is all of it. */
export function times(value: Decimal, unit: number): { readonly whole: bigint; readonly exact: boolean } {
  const product = value.digits * BigInt(unit);
  const divisor = 10n ** BigInt(value.scale);
  return { whole: product / divisor, exact: product % divisor === 0n };
}
