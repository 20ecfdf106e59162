import type { Alert } from '../shared/alert/alert.schema.ts';
import { WORD_WIDTH, wordOf } from './alert-words.ts';
import { clockTime, dayTime, secondAt } from './times.ts';
import type { View } from './view.ts';

/** One line for each alert, for pipes and logs. */
export function plainView(write: (text: string) => void): View {
  return {
    opened({ seed, fromMs, toMs, speed }) {
      write(
        `BigQuery Job Watchdog on a simulated day of jobs (seed ${seed}), ${dayTime(fromMs)} to ${dayTime(toMs)} UTC.\n` +
          `All times below are simulated: 1 s here is ${secondAt(speed)} there.\n\n`,
      );
    },
    told: (alert) => write(`${lineOf(alert)}\n`),
    closed: (summary) => write(`\n${summary}`),
  };
}

function lineOf(alert: Alert): string {
  const { data } = alert;
  return [
    clockTime(Date.parse(alert.time)),
    wordOf(alert).padEnd(WORD_WIDTH),
    alert.subject,
    data.policy,
    data.sentence,
  ]
    .filter((part) => part !== undefined)
    .join('  ');
}
