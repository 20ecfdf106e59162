import type * as Sdk from '@google-cloud/firestore';
import type { Clock } from '../ports/clock.ts';
import { LedgerUnavailableError } from './errors.ts';
import { firestoreCredentials } from './firestore-credentials.ts';
import { asFirestoreFault, SIGN_IN, wasRefused } from './firestore-faults.ts';

/** Google's client and its classes, which come together when they are first needed. */
export interface OpenFirestore {
  readonly sdk: typeof Sdk;
  readonly database: Sdk.Firestore;
  /** Rejects when it turns out that there are no credentials; never settles otherwise. */
  readonly unusable: Promise<never>;
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

const NO_CREDENTIALS = 'there are no credentials';

/** A read that nobody waits for any more is given up by the client, too: it would go on for minutes. */
function clientConfig(timeout_millis: number): object {
  const methods = {
    BatchGetDocuments: { timeout_millis },
    RunQuery: { timeout_millis },
    RunAggregationQuery: { timeout_millis },
  };
  return { interfaces: { 'google.firestore.v1.Firestore': { methods } } };
}

/**
 * Google's client, imported at its first use (it is slow to load), under a deadline of our own: the client
 * itself would try for minutes. `FIRESTORE_EMULATOR_HOST` is read by it.
 */
export class FirestoreClient {
  readonly place: string;
  readonly #options: FirestoreClientOptions;
  readonly #answerWithinMs: number;
  readonly #unanswered = new Set<Promise<unknown>>();
  #opened: Promise<OpenFirestore> | undefined;
  #isClosed = false;

  constructor(options: FirestoreClientOptions) {
    const { database, projectId, answerWithinMs = ANSWER_WITHIN_MS } = options;
    this.place = `firestore:${database}${projectId === undefined ? '' : ` in project ${projectId}`}`;
    this.#options = options;
    this.#answerWithinMs = answerWithinMs;
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

  /**
   * Nothing is asked any more. The client ends as soon as it has given up what it still tries: ended before,
   * it would bring down the process with a rejection that nobody can handle.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ended = Promise.allSettled(this.#unanswered).then(async () => {
      await (await this.#opened)?.database.terminate();
    });
    if (this.#unanswered.size === 0) await ended;
    else ended.catch(() => undefined);
  }

  async #open(): Promise<OpenFirestore> {
    const sdk = await import('@google-cloud/firestore');
    const { database: databaseId, projectId } = this.#options;
    const missing = Promise.withResolvers<never>();
    missing.promise.catch(() => undefined);
    const auth = await firestoreCredentials((cause) => {
      // With this client nothing can be asked any more; the next use makes another.
      this.#opened = undefined;
      missing.reject(new LedgerUnavailableError(this.place, NO_CREDENTIALS, SIGN_IN, { cause }));
    });
    const database = new sdk.Firestore({
      databaseId,
      ...(projectId !== undefined && { projectId }),
      clientConfig: clientConfig(this.#answerWithinMs),
      auth,
    });
    return { sdk, database, unusable: missing.promise };
  }

  async #inTime<T>(work: (firestore: OpenFirestore) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw new LedgerUnavailableError(this.place, 'it was closed', 'open it again');
    this.#opened ??= this.#open().catch((error: unknown) => {
      // The next use tries again.
      this.#opened = undefined;
      throw error;
    });
    const opened = await this.#opened;
    const answer = work(opened);
    this.#unanswered.add(answer);
    // Also when it comes too late for anybody to want it.
    answer.catch(() => undefined).finally(() => this.#unanswered.delete(answer));
    const answered = new AbortController();
    const late = this.#options.clock.sleep(this.#answerWithinMs, answered.signal).then(() => {
      const fault = `Firestore does not answer within ${this.#answerWithinMs / 1_000} s`;
      const remedy = 'look whether it can be reached from here, and whether it is healthy';
      throw new LedgerUnavailableError(this.place, fault, remedy);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([answer, late, opened.unusable]);
    } finally {
      answered.abort();
    }
  }
}
