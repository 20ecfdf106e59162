import type * as Sdk from '@google-cloud/firestore';
import type { Clock } from '../ports/clock.ts';
import { LedgerUnavailableError } from './errors.ts';
import { asFirestoreFault, wasRefused } from './firestore-faults.ts';

/** Google's client and its classes, which come together when they are first needed. */
export interface OpenFirestore {
  readonly sdk: typeof Sdk;
  readonly database: Sdk.Firestore;
}

export interface FirestoreClientOptions {
  /** The database's id; `(default)` is one, too. */
  readonly database: string;
  /** Without it, the client asks its surroundings. */
  readonly projectId?: string | undefined;
  readonly clock: Pick<Clock, 'sleep'>;
  /** An answer that takes longer is no answer. */
  readonly answerWithinMs?: number;
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * A commit is not sent again by the client itself: if the first one was written and only its answer got lost,
 * the second would be refused, and look as if somebody else had written.
 */
const COMMIT_ONCE = {
  interfaces: {
    'google.firestore.v1.Firestore': {
      methods: {
        Commit: {
          timeout_millis: ANSWER_WITHIN_MS,
          retry_codes_name: 'non_idempotent',
          retry_params_name: 'default',
        },
      },
    },
  },
};

/**
 * Google's client, imported at its first use (it is slow to load), under a deadline of our own: the client
 * itself would try for minutes. `FIRESTORE_EMULATOR_HOST` is read by it.
 */
export class FirestoreClient {
  readonly place: string;
  readonly #options: FirestoreClientOptions;
  #opened: Promise<OpenFirestore> | undefined;
  #isClosed = false;

  constructor(options: FirestoreClientOptions) {
    const { database, projectId } = options;
    this.place = `firestore:${database}${projectId === undefined ? '' : ` in project ${projectId}`}`;
    this.#options = options;
  }

  /**
   * What Firestore answers to `work`.
   *
   * @throws LedgerUnavailableError, and ConflictError if `work` does
   */
  async ask<T>(work: (firestore: OpenFirestore) => Promise<T>): Promise<T> {
    try {
      return await this.#inTime(work);
    } catch (error) {
      throw asFirestoreFault(error, this.place);
    }
  }

  /** The same for one commit; undefined when it was refused, by its conditions or for others who write. */
  async askUnlessRefused<T>(commit: (firestore: OpenFirestore) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#inTime(commit);
    } catch (error) {
      if (wasRefused(error)) return undefined;
      throw asFirestoreFault(error, this.place);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#opened !== undefined) await (await this.#opened).database.terminate();
  }

  async #open(): Promise<OpenFirestore> {
    const sdk = await import('@google-cloud/firestore');
    const { database: databaseId, projectId } = this.#options;
    const database = new sdk.Firestore({
      databaseId,
      ...(projectId !== undefined && { projectId }),
      clientConfig: COMMIT_ONCE,
    });
    return { sdk, database };
  }

  async #inTime<T>(work: (firestore: OpenFirestore) => Promise<T>): Promise<T> {
    // The client of a closed store would end the process with a rejection that nobody can handle.
    if (this.#isClosed) throw new LedgerUnavailableError(this.place, 'it was closed', 'open it again');
    this.#opened ??= this.#open();
    const answer = this.#opened.then(work);
    const { clock, answerWithinMs = ANSWER_WITHIN_MS } = this.#options;
    const answered = new AbortController();
    const late = clock.sleep(answerWithinMs, answered.signal).then(() => {
      const fault = `Firestore does not answer within ${answerWithinMs / 1_000} s`;
      const remedy = 'look whether it can be reached from here, and whether it is healthy';
      throw new LedgerUnavailableError(this.place, fault, remedy);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      // Whichever comes second is of no use to anybody.
      answer.catch(() => undefined);
      late.catch(() => undefined);
      answered.abort();
    }
  }
}
