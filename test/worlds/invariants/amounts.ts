const UNITS: ReadonlyMap<string, number> = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
  ['ms', 1],
  ['B', 1],
  ['byte', 1],
  ['bytes', 1],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
  ['USD', 1],
  ['slot', 1],
  ['slots', 1],
]);

/** The two amounts in "… 42 min 3 s … of at most 30 min allowed by …", in milliseconds, bytes, US dollars or slots. */
export function amountsIn(
  sentence: string,
): { readonly value: number; readonly allowed: number } | undefined {
  const parts = /^(.*) of at most (.*?) allowed by /.exec(sentence);
  const value = amountAt(parts?.[1]);
  const allowed = amountAt(parts?.[2]);
  return value === undefined || allowed === undefined ? undefined : { value, allowed };
}

function amountAt(text: string | undefined): number | undefined {
  const parts = [...(text ?? '').matchAll(/(\d[\d,.]*) ([A-Za-z]+)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce(
    (sum, [, number = '', unit = '']) =>
      sum + Number(number.replaceAll(',', '')) * (UNITS.get(unit) ?? Number.NaN),
    0,
  );
}
