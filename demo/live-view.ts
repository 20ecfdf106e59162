import type { Alert, JobStep } from '../shared/alert/alert.schema.ts';
import type { Job } from '../shared/job/job.ts';
import { printAmount, printMeasured } from '../shared/units/amount.ts';
import { WORD_WIDTH, wordOf } from './alert-words.ts';
import { type Approach, closestLimit } from './closest-limit.ts';
import { wholeDollars } from './dollars.ts';
import type { Money } from './money.ts';
import { cut, type Paint } from './paint.ts';
import { Tally } from './tally.ts';
import type { Terminal } from './terminal.ts';
import { clockTime, dayTime, secondAt } from './times.ts';
import type { Frame, Opening, View } from './view.ts';

/** Lines that are no rows: the head, two headings with a blank line before, what is left out. */
const FRAME_LINES = 11;
const MOST_JOBS = 12;
const LEAST_ROWS = 1;
const MOST_ALERTS = 200;

/** A line for each verb. */
const COUNTED: readonly (readonly (readonly [word: string, step: JobStep])[])[] = [
  [
    ['warned', 'warned'],
    ['observed', 'observed'],
    ['cancelled', 'cancelled'],
    ['ended first', 'ended-first'],
    ['could not cancel', 'could-not-cancel'],
  ],
  [
    ['to be retried', 'retry-scheduled'],
    ['retried', 'retried'],
    ['recovered', 'recovered'],
    ['gave up', 'gave-up'],
    ['refused', 'retry-refused'],
  ],
  [
    ['to be purged', 'purging'],
    ['purged', 'purged'],
    ['could not purge', 'could-not-purge'],
    ['not found', 'not-found'],
  ],
];

/** Where it is drawn. */
type Screen = Pick<Terminal, 'size' | 'open' | 'draw' | 'write' | 'close'>;

/** A picture of the day that is redrawn in place: what runs, how close to its limit, and what was done. */
export class LiveView implements View {
  readonly #terminal: Screen;
  readonly #paint: Paint;
  readonly #tally = new Tally();
  /** The latest of each job and policy, latest last. */
  readonly #latest = new Map<string, Alert>();
  #opening: Opening | undefined;

  constructor(terminal: Screen, paint: Paint) {
    this.#terminal = terminal;
    this.#paint = paint;
  }

  opened(opening: Opening): void {
    this.#opening = opening;
    this.#terminal.open();
  }

  told(alert: Alert): void {
    this.#tally.add(alert);
    const key = alert.subject === undefined ? alert.id : `${alert.subject} ${alert.policy}`;
    this.#latest.delete(key);
    this.#latest.set(key, alert);
    const [oldest] = this.#latest.keys();
    if (this.#latest.size > MOST_ALERTS && oldest !== undefined) this.#latest.delete(oldest);
  }

  drawn(frame: Frame): void {
    const { columns, rows } = this.#terminal.size();
    const room = Math.max(2 * LEAST_ROWS, rows - 1 - FRAME_LINES);
    const jobRoom = Math.min(MOST_JOBS, Math.floor(room / 2));
    const lines = [
      ...this.#head(frame, columns),
      '',
      this.#paint.strong('RUNNING, closest to a limit first'),
      ...this.#jobs(frame, jobRoom, columns),
      '',
      this.#paint.strong('WHAT THE WATCHDOG DID, latest first'),
      ...this.#alerts(room - jobRoom, columns),
    ];
    this.#terminal.draw(lines);
  }

  closed(summary: string): void {
    this.#terminal.close();
    this.#terminal.write(`\n${summary}`);
  }

  #head({ nowMs, part, unfinished, money }: Frame, columns: number): readonly string[] {
    const { seed = 0, speed = 1 } = this.#opening ?? {};
    const running = unfinished.filter(({ state }) => state === 'RUNNING').length;
    const title = `BigQuery Job Watchdog  simulated day of seed ${seed}, 1 s is ${secondAt(speed)}; Ctrl-C ends it`;
    const now = `${running} running · ${unfinished.length - running} pending`;
    const counts = COUNTED.map((steps) =>
      steps.map(([word, step]) => `${this.#tally.count(step)} ${word}`).join(' · '),
    );
    return [
      this.#paint.faint(cut(title, columns)),
      cut(`${dayTime(nowMs)} ${bar(part, 20)}  ${now}`, columns),
      ...counts.map((line) => cut(line, columns)),
      cut(moneyLine(money), columns),
    ];
  }

  #jobs({ unfinished, policies, nowMs }: Frame, room: number, columns: number): readonly string[] {
    const close = unfinished
      .map((job) => ({ job, approach: closestLimit(job, policies, nowMs) }))
      .toSorted((a, b) => (b.approach?.part ?? -1) - (a.approach?.part ?? -1));
    const lines = close.slice(0, room).map(({ job, approach }) => this.#jobLine(job, approach, columns));
    const left = close.length - lines.length;
    const rest = left > 0 ? this.#paint.faint(`  and ${left} more`) : '';
    return [...lines, ...Array.from({ length: room - lines.length }, () => ''), rest];
  }

  #jobLine(job: Job, approach: Approach | undefined, columns: number): string {
    const { jobId, projectId, location = '' } = job.name;
    const principal = job.principal?.split('@')[0] ?? '';
    const name = jobId.padEnd(20);
    const owner = `${principal.padEnd(8)}  ${projectId}:${location}`;
    if (approach === undefined)
      return cut(
        `${' '.repeat(10)}  ${'no limit'.padEnd(24)}  ${name}  ${' '.repeat(20)}  ${owner}`,
        columns,
      );
    const { value, allowed, unit, part, policy } = approach;
    // The simulated clock has parts of milliseconds.
    const whole = unit === 'duration' ? Math.floor(value) : value;
    const measured = `${printMeasured(unit, whole, allowed)} of ${printAmount(unit, allowed)}`;
    const line = cut(
      `${bar(part, 10)}  ${measured.padEnd(24)}  ${name}  ${policy.padEnd(20)}  ${owner}`,
      columns,
    );
    if (part > 1) return this.#paint.alarm(line);
    return part >= 0.8 ? this.#paint.caution(line) : line;
  }

  #alerts(room: number, columns: number): readonly string[] {
    const latest = [...this.#latest.values()].toReversed().slice(0, room);
    const lines = latest.map((alert) => {
      const word = wordOf(alert);
      const subject = alert.subject?.split('.').at(-1) ?? '';
      const line = cut(
        `${clockTime(Date.parse(alert.time))}  ${word.padEnd(WORD_WIDTH)}  ${subject.padEnd(20)}  ${alert.data.sentence}`,
        columns,
      );
      return this.#paint.ofStep(word, line);
    });
    return [...lines, ...Array.from({ length: room - lines.length }, () => '')];
  }
}

/** What is not known is counted beside the sums, and in none of them. */
function moneyLine({ spending, saved }: Money): string {
  const { spentUsd, upToUsd, unknown } = spending;
  const parts = [
    `${wholeDollars(spentUsd)} spent`,
    `up to ${wholeDollars(saved.upToUsd)} saved`,
    `up to ${wholeDollars(upToUsd)} running`,
    `${unknown} jobs unknown`,
  ];
  return parts.join(' · ');
}

/** `████░░░░` */
function bar(part: number, width: number): string {
  const full = Math.max(0, Math.min(width, Math.floor(part * width)));
  return '█'.repeat(full) + '░'.repeat(width - full);
}
