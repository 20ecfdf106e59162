import { Option } from 'commander';
import type { JobName } from '../../shared/job/job-name.ts';
import { parseDuration, printDuration } from '../../shared/units/duration.ts';
import { type AuditEntries, type Replayed, replayEntry } from '../../shared/watch/replay.ts';
import type { Sight } from '../../shared/watch/sight.ts';
import {
  asArgument,
  type DefineCommand,
  type FormatOptions,
  failureEntry,
  formatOption,
} from '../command.ts';
import { count } from '../count.ts';
import { entriesFile } from '../entries-file.ts';
import { AuditEntriesError, EntriesFileError } from '../errors.ts';
import { type FoundLine, foundLines, printFound } from '../finding-view.ts';
import { googleAuditEntries } from '../google-audit-entries.ts';
import { JsonList } from '../json-list.ts';
import {
  asEnforcedOption,
  neededPolicies,
  type PoliciesOptions,
  policiesOption,
} from '../policies-option.ts';
import { Progress } from '../progress.ts';
import { neededProject, type ProjectOptions, projectOption } from '../project-option.ts';
import { SeenJobs } from '../seen-jobs.ts';
import { type ExitCode, FINDINGS, FINE, type Terminal } from '../terminal.ts';

interface ReplayOptions extends FormatOptions, PoliciesOptions, ProjectOptions {
  /** Milliseconds. */
  readonly since: number;
  readonly entries?: string;
}

const USUAL_MS = 2 * 3_600_000;

export const defineReplay: DefineCommand = (program, run) => {
  program
    .command('replay')
    .summary('what would have been done lately')
    .description(
      "Reads a project's audit entries of late and prints what the watchdog would have nominated for each. " +
        'It only reads. Exits 1 when the watchdog would have acted, or when something could not be read.',
    )
    .addOption(policiesOption())
    .addOption(asEnforcedOption())
    .addOption(projectOption())
    .addOption(
      new Option('--since <duration>', 'how far back, such as 90m or 7d')
        .argParser(asArgument(parseDuration))
        .default(USUAL_MS, '2h'),
    )
    .addOption(
      new Option(
        '--entries <file>',
        "all log entries of a file, one a line or one JSON array, instead of the project's",
      ).conflicts(['since', 'project']),
    )
    .addOption(formatOption())
    .action((options: ReplayOptions) => run(options.format, (terminal) => replay(options, terminal), 'list'));
};

async function replay(options: ReplayOptions, terminal: Terminal): Promise<ExitCode> {
  const { entries: file, since } = options;
  const projectId = file === undefined ? neededProject(options, terminal) : '';
  const policies = await neededPolicies(options, terminal);
  const source: AuditEntries = file === undefined ? googleAuditEntries() : entriesFile(file);
  const report = new Report(options, terminal);
  const nowMs = terminal.clock.now();
  try {
    for await (const entry of source.since(projectId, nowMs - since)) {
      report.tell(replayEntry(entry, policies, nowMs));
    }
  } catch (error) {
    if (!(error instanceof AuditEntriesError || error instanceof EntriesFileError)) throw error;
    return report.fail(error);
  }
  return report.end();
}

/** Prints what is found as it comes, each finding of a job once: entries come in pairs, in both formats, and doubled. */
class Report {
  readonly #options: ReplayOptions;
  readonly #terminal: Terminal;
  readonly #list: JsonList | undefined;
  readonly #progress: Progress;
  /** By what was told of them. */
  readonly #told = new Map<string, SeenJobs>();
  readonly #acts = new SeenJobs();
  #entries = 0;
  #looks = 0;
  #broken = 0;

  constructor(options: ReplayOptions, terminal: Terminal) {
    this.#options = options;
    this.#terminal = terminal;
    this.#list = options.format === 'json' ? new JsonList(terminal) : undefined;
    this.#progress = new Progress(1, terminal);
  }

  tell(replayed: Replayed): void {
    this.#entries++;
    if (this.#entries % 100 === 0)
      this.#progress.show(`${this.#entries} entries, ${this.#acts.size} to be acted on`);
    switch (replayed.kind) {
      case 'nominated':
        for (const sight of replayed.sights) this.#tell(sight);
        break;
      case 'look-at':
        this.#looks++;
        break;
      case 'broken':
        this.#broken++;
        break;
      case 'nothing':
        break;
    }
  }

  #tell(sight: Sight): void {
    if (sight.verdict.act) this.#acts.add(sight.job.name);
    for (const line of foundLines(sight))
      this.#print(sight.job.name, { at: new Date(sight.nowMs).toISOString(), ...line });
  }

  /** The entries could not be read to their end; what was found until then stands. */
  fail(error: Error): ExitCode {
    this.#progress.clear();
    this.#list?.add(failureEntry(error));
    this.#list?.close();
    this.#terminal.err(`error: ${error.message}`);
    return FINDINGS;
  }

  end(): ExitCode {
    this.#progress.clear();
    const summary = {
      entries: this.#entries,
      wouldHaveCancelled: this.#acts.size,
      onlyNamed: this.#looks,
      unreadable: this.#broken,
    };
    this.#list?.add({ summary });
    this.#list?.close();
    if (!this.#list) this.#terminal.err(this.#summary());
    return this.#acts.size > 0 || this.#broken > 0 ? FINDINGS : FINE;
  }

  #summary(): string {
    const { since, entries } = this.#options;
    const from = entries ?? `the last ${printDuration(since)}`;
    const looks =
      this.#looks === 0 ? '' : `; ${this.#looks} only name a job, which would have been looked at`;
    const expected =
      entries === undefined ? '' : ` as log entries, such as gcloud logging read --format=json writes`;
    const broken = this.#broken === 0 ? '' : `; ${this.#broken} cannot be read${expected}`;
    return `${count(this.#entries, 'entry', 'entries')} of ${from}; jobs that would have been cancelled: ${this.#acts.size}${looks}${broken}`;
  }

  #print(name: JobName, line: FoundLine & { readonly at: string }): void {
    const what = `${line.policy} ${line.would}`;
    const told = this.#told.get(what) ?? new SeenJobs();
    this.#told.set(what, told);
    if (!told.add(name)) return;
    this.#progress.clear();
    if (this.#list) this.#list.add(line);
    else this.#terminal.out(`${line.at}  ${printFound(line)}`);
  }
}
