import { Option } from 'commander';
import { isProjectId } from '../shared/job/job-name.ts';
import { asArgument } from './command.ts';
import { UsageError } from './errors.ts';
import type { Terminal } from './terminal.ts';

export interface ProjectOptions {
  readonly project?: string;
}

export interface ProjectsOptions {
  readonly project?: readonly string[];
}

/** `--project`, of a command about one project or job. */
export function projectOption(): Option {
  return new Option(
    '--project <id>',
    'the project (default: the one that WATCHDOG_PROJECTS names)',
  ).argParser(asArgument(readProject));
}

/** `--project`, of a command about any number of projects. */
export function projectsOption(): Option {
  return new Option('--project <id...>', 'the projects (default: those that WATCHDOG_PROJECTS names)');
}

/** The project that is meant, if one is: `WATCHDOG_PROJECTS` counts where it names a single one. */
export function projectOf({ project }: ProjectOptions, { environment }: Terminal): string | undefined {
  if (project !== undefined) return project;
  const watched = listOf(environment['WATCHDOG_PROJECTS']);
  return watched.length === 1 ? watched[0] : undefined;
}

/** @throws UsageError when none is meant, or more than one */
export function neededProject(options: ProjectOptions, terminal: Terminal): string {
  const project = projectOf(options, terminal);
  if (project !== undefined) return project;
  const watched = listOf(terminal.environment['WATCHDOG_PROJECTS']);
  throw new UsageError(
    watched.length === 0
      ? 'no project is named: give --project ID, or set WATCHDOG_PROJECTS'
      : `WATCHDOG_PROJECTS names ${watched.length} projects: give --project with one of ${watched.join(', ')}`,
  );
}

/** @throws UsageError when none is meant */
export function neededProjects({ project }: ProjectsOptions, { environment }: Terminal): readonly string[] {
  const projects = (project ?? listOf(environment['WATCHDOG_PROJECTS'])).flatMap(listOf);
  if (projects.length === 0) {
    throw new UsageError('no project is named: give --project ID…, or set WATCHDOG_PROJECTS');
  }
  return [...new Set(projects.map(readProject))];
}

function readProject(text: string): string {
  if (isProjectId(text)) return text;
  throw new UsageError(
    `"${text}" is no project id: expected one such as my-project or example.com:my-project`,
  );
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
