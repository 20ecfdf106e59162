/** BigQuery's MB: 161,164,718 bytes processed were billed as 161,480,704 = 154 × 1,048,576 [doc: information-schema-jobs.md]. */
const MEGABYTE = 1_048_576;
/** "At least 10 MB per query" [bigquery-facts: Cost]. That per table is known from secondary sources only, and left out. */
const LEAST_BILLED = 10 * MEGABYTE;
const TIB = 1_099_511_627_776;

/** What is billed for so many bytes: full megabytes, at least ten; for nothing, nothing. */
export function billedBytes(bytes: number): number {
  return bytes === 0 ? 0 : Math.max(LEAST_BILLED, Math.ceil(bytes / MEGABYTE) * MEGABYTE);
}

/** US dollars for bytes processed or billed, rounded as BigQuery rounds them. */
export function onDemandUsd(bytes: number, usdPerTiB: number): number {
  return toNanoUsd((billedBytes(bytes) / TIB) * usdPerTiB);
}

/** The most bytes, in full megabytes, that cost no more than this; `undefined` where that is more than anyone reads. */
export function bytesFor(usd: number, usdPerTiB: number): number | undefined {
  const bytes = Math.floor(((usd / usdPerTiB) * TIB) / MEGABYTE) * MEGABYTE;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** So that three slot-hours of ten cents are 0.3 dollars and no hair above. */
export function toNanoUsd(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}
