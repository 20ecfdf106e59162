/** Longer texts are cut in messages: who typed one has it, and a log line must stay a line. */
const SHOWN = 120;

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

/** A text that does not name a job. */
export class JobNameError extends Error {
  override readonly name = 'JobNameError';
  readonly text: string;
  /** What is wrong with it. */
  readonly fault: string;

  constructor(text: string, fault: string) {
    super(
      `${shown(text)} is not a job's name: ${fault}. Expected PROJECT:LOCATION.JOB_ID (as the console shows it), ` +
        'PROJECT:JOB_ID, projects/PROJECT/jobs/JOB_ID, or, where a project is given besides, LOCATION.JOB_ID or JOB_ID',
    );
    this.text = text;
    this.fault = fault;
  }
}

/** What should tell of a job and cannot be read. Holds nothing of it but what names it. */
abstract class UnreadableError extends Error {
  /** A static sentence. */
  readonly fault: string;
  readonly projectId: string | undefined;

  constructor(what: string, projectId: string | undefined, fault: string) {
    super(`${what} of project ${projectId ?? '(unknown)'} cannot be read: ${fault}`);
    this.fault = fault;
    this.projectId = projectId;
  }
}

export interface BrokenEntryDetails {
  readonly insertId?: string | undefined;
  readonly projectId?: string | undefined;
}

/** A log entry that should tell of a job and does not: to be counted and dead-lettered, never tried again. */
export class BrokenEntryError extends UnreadableError {
  override readonly name = 'BrokenEntryError';
  readonly insertId: string | undefined;

  constructor(fault: string, { insertId, projectId }: BrokenEntryDetails = {}) {
    super(`log entry ${insertId ?? '(no insertId)'}`, projectId, fault);
    this.insertId = insertId;
  }
}

export interface BrokenJobDetails {
  readonly projectId?: string | undefined;
  readonly jobId?: string | undefined;
}

/** An answer of the jobs API that is no job, or not enough of one to be judged. */
export class BrokenJobError extends UnreadableError {
  override readonly name = 'BrokenJobError';
  readonly jobId: string | undefined;

  constructor(fault: string, { projectId, jobId }: BrokenJobDetails = {}) {
    super(`job ${jobId ?? '(no id)'}`, projectId, fault);
    this.jobId = jobId;
  }
}
