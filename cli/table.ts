import { oneLine } from './one-line.ts';

/**
 * Rows under a header, in columns as wide as their longest entry; the last column is not padded.
 * Every row has an entry for each column.
 */
export function table(header: readonly string[], told: readonly (readonly string[])[]): string {
  const rows = told.map((row) => row.map(oneLine));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [header, ...rows].map(line).join('\n');
}
