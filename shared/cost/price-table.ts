/** The editions that slots are sold in [D26: JobStatistics.edition]. */
export const EDITIONS = ['STANDARD', 'ENTERPRISE', 'ENTERPRISE_PLUS'] as const;
export type Edition = (typeof EDITIONS)[number];

/** What one location charges, in US dollars. Absent: nobody told, and what rests on it is unknown. */
export interface LocationPrices {
  /** On demand, per 1024⁴ bytes billed. */
  readonly usdPerTiB?: number;
  /** One slot for one hour, pay as you go. */
  readonly usdPerSlotHour: Readonly<Partial<Record<Edition, number>>>;
}

/** Prices by location, in lower case. */
export type PriceTable = ReadonlyMap<string, LocationPrices>;

/** When the list below was taken down, and from where: Google's own page is not among what we could read. */
export const LIST_PRICES_SOURCE = 'a third-party table of list prices of 2026-07-02';

/** Location, USD per TiB, and per slot-hour of Standard, Enterprise, Enterprise Plus [bigquery-facts: Cost]. */
const LIST: readonly (readonly [string, number, number, number, number])[] = [
  ['US', 6.25, 0.04, 0.06, 0.1],
  ['EU', 6.25, 0.044, 0.066, 0.11],
  ['europe-west1', 7.5, 0.044, 0.066, 0.11],
  ['europe-west2', 7.8125, 0.052, 0.078, 0.13],
  ['europe-west4', 7.5, 0.044, 0.066, 0.11],
  ['asia-northeast1', 7.5, 0.051, 0.0765, 0.1275],
  ['southamerica-east1', 11.25, 0.062, 0.093, 0.155],
];

/** List prices, without anyone's discounts. Locations that are not in it have no price until the owner gives one. */
export const LIST_PRICES: PriceTable = new Map(
  LIST.map(([location, usdPerTiB, STANDARD, ENTERPRISE, ENTERPRISE_PLUS]) => [
    location.toLowerCase(),
    { usdPerTiB, usdPerSlotHour: { STANDARD, ENTERPRISE, ENTERPRISE_PLUS } },
  ]),
);

/** Some of a location's prices, as an owner gives them. */
export interface OwnPrices {
  readonly usdPerTiB?: number;
  readonly usdPerSlotHour?: Readonly<Partial<Record<Edition, number>>>;
}

/**
 * The list with the owner's prices over it, price by price: who gives only a price per TiB keeps the list's
 * slot-hours.
 *
 * @param own by location, in any case
 */
export function withOwnPrices(own: Iterable<readonly [string, OwnPrices]>, list = LIST_PRICES): PriceTable {
  const table = new Map(list);
  for (const [location, { usdPerTiB, usdPerSlotHour }] of own) {
    const key = location.toLowerCase();
    const listed = table.get(key);
    table.set(key, {
      ...listed,
      ...(usdPerTiB !== undefined && { usdPerTiB }),
      usdPerSlotHour: { ...listed?.usdPerSlotHour, ...usdPerSlotHour },
    });
  }
  return table;
}

/** A job without a location (of 2017) has no prices. */
export function pricesIn(prices: PriceTable, location: string | undefined): LocationPrices | undefined {
  return location === undefined ? undefined : prices.get(location.toLowerCase());
}

export function isEdition(word: string): word is Edition {
  return EDITIONS.some((edition) => edition === word);
}
