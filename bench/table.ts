import type { PartReport, Row } from './report.ts';

const HEAD = ['what', 'in', 'median', 'quartiles', 'p99', 'of', 'target', ''];

/** A part's rows as a Markdown table, which docs/bench.md holds as it is; notes stand below it. */
export function tableOf({ letter, title, rows }: PartReport): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const table = [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)];
  const notes = rows.flatMap(({ what, note }) => (note === undefined ? [] : [`- ${what}: ${note}`]));
  return [`## ${letter}. ${title}`, '', ...table, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}

function cellsOf({ what, unit, spread, target, met }: Row): readonly string[] {
  const { median, lowerQuartile, upperQuartile, p99, count } = spread;
  return [
    what,
    unit,
    print(median),
    `${print(lowerQuartile)} – ${print(upperQuartile)}`,
    print(p99),
    String(count),
    target === undefined ? '' : `${target.of} ${target.side} ${print(target.bound)}`,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ];
}

/** Three digits that matter: more would claim what no run repeats. */
function print(value: number): string {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
