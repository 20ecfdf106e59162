import { AmountError } from './errors.ts';

const PERCENT_FORMS = 'a percentage above 0% and at most 100%, such as 80%';

/**
 * Reads `80%`, `12.5%` (at most four decimals).
 *
 * @returns a part of one, above 0, at most 1
 * @throws AmountError
 */
export function parsePercent(text: string): number {
  if (/^\s*-\s*\d/.test(text)) throw fault(text, 'is negative');
  const bare = /^\d{1,12}(\.\d{1,12})?$/.exec(text);
  if (bare) throw fault(text, 'is no percentage: the % is missing', meantBy(Number(text)));
  const parts = /^(\d{1,12}(?:\.\d{1,4})?) ?%$/.exec(text);
  if (!parts) throw fault(text.length > 60 ? `${text.slice(0, 20)}…` : text, 'is no percentage');
  const percent = Number(parts[1]);
  if (percent === 0) throw fault(text, 'is zero');
  if (percent > 100) throw fault(text, 'is more than all');
  return percent / 100;
}

/** A number without a `%`: `0.8` is most likely a part of one, `80` a percentage. */
function meantBy(bare: number): string | undefined {
  const percent = bare <= 1 ? Number((bare * 100).toFixed(4)) : bare;
  return percent > 0 && percent <= 100 ? `${percent}%` : undefined;
}

function fault(value: string, problem: string, nearest?: string): AmountError {
  return new AmountError(value, problem, PERCENT_FORMS, nearest);
}
