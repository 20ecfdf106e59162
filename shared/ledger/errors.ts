import { formatJobName } from '../job/job-name.ts';
import type { HeldClaim } from './ledger.ts';
import type { Collection, Write } from './store.ts';

/** The storage did not answer, or answered what cannot be used. Without it there is no act. */
export class LedgerUnavailableError extends Error {
  override readonly name: string = 'LedgerUnavailableError';
  /** Which storage: a path, or a database. */
  readonly place: string;
  readonly fault: string;
  /** What a person can do. */
  readonly remedy: string;

  constructor(place: string, fault: string, remedy: string, options?: ErrorOptions) {
    super(`ledger ${place}: ${fault}; ${remedy}`, options);
    this.place = place;
    this.fault = fault;
    this.remedy = remedy;
  }
}

/** There is no ledger at the path, where one was to be. */
export class LedgerMissingError extends LedgerUnavailableError {
  override readonly name = 'LedgerMissingError';

  constructor(path: string, fault: 'it does not exist' | 'it is empty') {
    super(path, fault, 'correct the path, or wait until a function has made it');
  }
}

/** Somebody removed the write-ahead log of a file that is in use: what others say to the ledger is not seen. */
export class LedgerTornError extends LedgerUnavailableError {
  override readonly name = 'LedgerTornError';

  constructor(path: string) {
    super(
      path,
      'its -wal file was removed while it was in use, so that others read and write what this process does not see',
      'end this process and start it again, then say once more what was said to the ledger meanwhile (bq-watchdog stop)',
    );
  }
}

/**
 * A document that this version of the watchdog cannot read. It counts as an unavailable ledger, for
 * what it would have said may forbid an act.
 */
export class UnreadableDocumentError extends LedgerUnavailableError {
  override readonly name = 'UnreadableDocumentError';
  readonly collection: Collection;
  readonly key: string;

  constructor(place: string, collection: Collection, key: string, fault: string) {
    super(
      place,
      `document ${collection}/${key} cannot be read: ${fault}`,
      'it was written by another version of the watchdog or damaged; run the version that wrote it, or delete the document',
    );
    this.collection = collection;
    this.key = key;
  }
}

/** The condition of a write did not hold, and nothing of its batch was written. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
  readonly kind: Write['kind'];
  readonly collection: Collection;
  readonly key: string;
  /** Which write of the batch. */
  readonly index: number;

  constructor(write: Write, index: number) {
    const found =
      write.kind === 'create' ? 'it exists already' : `it is no longer of version ${write.ifVersion}`;
    super(
      `cannot ${write.kind} ${write.collection}/${write.key} (write ${index} of its batch): ${found}; read it again`,
    );
    this.kind = write.kind;
    this.collection = write.collection;
    this.key = write.key;
    this.index = index;
  }
}

/** A claim was taken over since its holder last wrote it. */
export class StaleClaimError extends Error {
  override readonly name = 'StaleClaimError';
  readonly job: string;
  readonly verb: string;
  readonly attempt: number;
  readonly holder: string;

  constructor({ claim }: HeldClaim) {
    const job = formatJobName(claim.job);
    super(
      `the claim to ${claim.verb} job ${job} (attempt ${claim.attempt}) is no longer held by ${claim.holder}: ` +
        'it was taken over after its lease ran out; do nothing more for it, its new holder finishes the act',
    );
    this.job = job;
    this.verb = claim.verb;
    this.attempt = claim.attempt;
    this.holder = claim.holder;
  }
}

/** Another sweep of the same verb and project, of what ended or of history, recorded how far it came since this one began. */
export class StaleMarkError extends Error {
  override readonly name = 'StaleMarkError';
  readonly verb: string;
  readonly projectId: string;

  constructor(verb: string, projectId: string, mark: 'running set' | 'history' = 'running set') {
    super(
      `the ${mark} of ${projectId} for ${verb} was written by another sweep since it was read; ` +
        'nothing is recorded for this sweep, and the next one starts from what stands',
    );
    this.verb = verb;
    this.projectId = projectId;
  }
}
