import { ConflictError, LedgerUnavailableError } from './errors.ts';

/** Why a condition did not hold: `create` of what exists, or another `lastUpdateTime` [google/rpc/code.proto]. */
const CONDITION_CODES = [5, 6, 9];
/** Too many writers of one document at once; nothing was written. */
const ABORTED = 10;

/** What who has no credentials can do, a person as well as a function. */
export const SIGN_IN =
  'run "gcloud auth application-default login", or set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account';

/** Codes that a person can do something about [google/rpc/code.proto; Firestore: error codes]. */
const FAULTS = new Map<number, readonly [name: string, remedy: string]>([
  [
    3,
    ['INVALID_ARGUMENT', 'the name of the database is wrong, or this is a fault in the watchdog: report it'],
  ],
  [4, ['DEADLINE_EXCEEDED', 'look whether Firestore can be reached from here, and whether it is healthy']],
  [5, ['NOT_FOUND', 'create the database in this project, or name another one as firestore:DATABASE']],
  [7, ['PERMISSION_DENIED', 'grant roles/datastore.user to this account, and enable the Firestore API']],
  [8, ['RESOURCE_EXHAUSTED', "raise the project's Firestore quota, or wait until it is free again"]],
  [
    9,
    [
      'FAILED_PRECONDITION',
      'make it a database in Native mode, and deploy the indexes of firestore.indexes.json',
    ],
  ],
  [10, ['ABORTED', 'too many write the same document at once; try again later']],
  [13, ['INTERNAL', "try again later, and look at Google Cloud's status page"]],
  [14, ['UNAVAILABLE', 'look whether Firestore can be reached from here, and whether it is healthy']],
  [16, ['UNAUTHENTICATED', SIGN_IN]],
]);

/** Whether a commit was refused because of its conditions, or because others wrote at the same time. */
export function wasRefused(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && (CONDITION_CODES.includes(code) || code === ABORTED);
}

/**
 * What Google's client threw, as an error of the ledger; one of ours comes back as it is. The client's
 * message is not repeated: it may quote a document.
 */
export function asFirestoreFault(error: unknown, place: string): LedgerUnavailableError | ConflictError {
  if (error instanceof LedgerUnavailableError || error instanceof ConflictError) return error;
  const code = codeOf(error);
  const options = { cause: error };
  if (code === undefined) {
    const remedy = 'set GOOGLE_CLOUD_PROJECT, and give the process Application Default Credentials';
    return new LedgerUnavailableError(place, 'the Firestore client cannot be used', remedy, options);
  }
  const [name, remedy] = FAULTS.get(code) ?? [`code ${code}`, 'look up what gRPC says of this code'];
  return new LedgerUnavailableError(place, `Firestore answers ${name}`, remedy, options);
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}
