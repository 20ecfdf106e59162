import type { JobsApiError } from '../shared/bigquery/errors.ts';
import { formatJobName } from '../shared/job/job-name.ts';
import type { Scanned } from '../shared/watch/scan.ts';
import type { Settled } from '../shared/watch/scan-breakers.ts';
import type { Sight } from '../shared/watch/sight.ts';
import { type Format, failureEntry } from './command.ts';
import { count } from './count.ts';
import { adviceOf, NoTimeError } from './errors.ts';
import { foundLines, type Outcome, printFound } from './finding-view.ts';
import { JsonList } from './json-list.ts';
import { Progress } from './progress.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from './terminal.ts';

/** Prints what a scan finds as it comes; what would be done, at the end of each project. */
export class ScanReport {
  readonly #terminal: Terminal;
  readonly #list: JsonList | undefined;
  readonly #progress: Progress;
  #jobs = 0;
  /** Jobs that a policy calls to cancel; those that would be, and those that breakers would keep from it. */
  #guilty = 0;
  #acts = 0;
  #heldBack = 0;
  #failures = 0;

  /** @param projects how many are scanned */
  constructor(format: Format, projects: number, terminal: Terminal) {
    this.#terminal = terminal;
    this.#list = format === 'json' ? new JsonList(terminal) : undefined;
    this.#progress = new Progress(projects, terminal);
  }

  tell(projectId: string, scanned: Scanned): void {
    switch (scanned.kind) {
      case 'job':
        if (scanned.sight.verdict.act) this.#guilty++;
        else this.#found(scanned.sight);
        break;
      case 'unreachable': {
        const where = scanned.locations.join(', ');
        const entry = { project: projectId, unreachable: scanned.locations };
        this.#fail(entry, `${projectId}: locations that did not answer, and were not scanned: ${where}`);
        break;
      }
      case 'failed': {
        const why = scanned.why === 'no-time' ? new NoTimeError() : scanned.why;
        const job = formatJobName(scanned.name);
        this.#fail({ job, ...failureEntry(why) }, `${job}: not judged: ${why.message}`);
        break;
      }
      case 'no-time': {
        const why = new NoTimeError();
        this.#fail({ project: projectId, ...failureEntry(why) }, `${projectId}: not judged: ${why.message}`);
        break;
      }
      case 'progress':
        this.#progress.show(`${projectId}: ${scanned.jobs} jobs, ${this.#guilty} guilty`);
        break;
      case 'done':
        this.#jobs += scanned.jobs;
        this.#progress.advance(`${this.#jobs} jobs, ${this.#guilty} guilty`);
        break;
    }
  }

  /** What the breakers make of the project's guilty jobs. */
  settle(projectId: string, { trips, acts }: Settled): void {
    for (const act of acts) {
      if (act.policy === undefined) this.#heldBack++;
      else this.#acts++;
      this.#found(act.sight, act);
    }
    for (const { policy, why } of trips) {
      const entry = { project: projectId, policy, breaker: why };
      this.#print(entry, `breaker of ${policy} would trip in ${projectId}: ${why}`, this.#terminal.out);
    }
  }

  /** Something could not be read. */
  fail(about: object, error: JobsApiError): void {
    const advice = adviceOf(error);
    const text = `error: ${error.message}`;
    this.#fail({ ...about, ...failureEntry(error) }, advice === undefined ? text : `${text}\n${advice}`);
  }

  end(): ExitCode {
    this.#progress.clear();
    const summary = {
      jobs: this.#jobs,
      wouldCancel: this.#acts,
      heldBack: this.#heldBack,
      unreadable: this.#failures,
    };
    this.#list?.add({ summary });
    this.#list?.close();
    if (!this.#list) this.#terminal.err(this.#summary());
    return this.#guilty > 0 || this.#failures > 0 ? FINDINGS : FINE;
  }

  #summary(): string {
    const jobs = count(this.#jobs, 'pending or running job', 'pending and running jobs');
    const heldBack = this.#heldBack === 0 ? '' : `, ${this.#heldBack} held back by breakers`;
    const failed = this.#failures === 0 ? '' : `, and ${this.#failures} could not be read`;
    return `${jobs}: ${this.#acts} would be cancelled${heldBack}${failed}`;
  }

  #found(sight: Sight, outcome?: Outcome): void {
    for (const line of foundLines(sight, outcome)) this.#print(line, printFound(line), this.#terminal.out);
  }

  #fail(entry: object, text: string): void {
    this.#failures++;
    this.#print(entry, text, this.#terminal.err);
  }

  #print(entry: object, text: string, line: (text: string) => void): void {
    this.#progress.clear();
    if (this.#list) this.#list.add(entry);
    else line(text);
  }
}
