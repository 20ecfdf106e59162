import { documentKey } from './document-key.ts';
import { ConflictError, StaleMarkError } from './errors.ts';
import { everyDocument } from './every-document.ts';
import type { HeldBucket, HeldMark, Ledger, Verb } from './ledger.ts';
import { readDocument } from './read-document.ts';
import { digestOf, RUNNING_BUCKETS, roomFor } from './running-bucket.ts';
import { StoredBucket, StoredMark } from './running-sets.schema.ts';
import type { LedgerStore, StoredDocument, Write } from './store.ts';

type RunningSets = Pick<Ledger, 'sweepMark' | 'runningBuckets' | 'moveMark'>;

/** From so many documents on, one query for all of them is cheaper than asking for each. */
const MANY = RUNNING_BUCKETS / 2;
/** Firestore takes 10 MiB in one commit [Firestore: quotas]. */
const MOST_IN_A_COMMIT = 4_000_000;

/** Which jobs ran at the last sweep, and how far it came. Kept for ever: a project has one, of bounded size. */
export function openRunningSets(store: LedgerStore): RunningSets {
  return {
    sweepMark: async (verb, projectId) => {
      const document = await store.get('sweep-marks', documentKey(verb, projectId));
      return document && readMark(store, document);
    },
    runningBuckets: async (verb, projectId, buckets) => {
      const found = await findBuckets(store, verb, projectId, buckets);
      return new Map(
        buckets.map((bucket) => [bucket, readBucket(store, found.get(bucketKey(verb, projectId, bucket)))]),
      );
    },
    moveMark: async (verb, projectId, held, mark, buckets) => {
      const digests = Array.from({ length: RUNNING_BUCKETS }, (_, bucket) => {
        const changed = buckets.get(bucket);
        return changed ? digestOf(changed.jobs) : (held?.digests[bucket] ?? '');
      });
      const body = { ...mark, behind: Object.fromEntries(mark.behind), digests };
      const place = { collection: 'sweep-marks', key: documentKey(verb, projectId), body } as const;
      const write = asWrite(place, held?.version);
      const group = documentKey(verb, projectId);
      const changes = [...buckets].map(([bucket, { jobs, version }]) =>
        asWrite(
          { collection: 'running-sets', key: bucketKey(verb, projectId, bucket), group, body: { jobs } },
          version,
        ),
      );
      try {
        const version = await writeInOrder(store, changes, write);
        return { mark, digests, version };
      } catch (error) {
        throw error instanceof ConflictError ? new StaleMarkError(verb, projectId) : error;
      }
    },
  };
}

function readMark(store: LedgerStore, document: StoredDocument): HeldMark {
  const { digests, behind, ...mark } = readDocument(store, document, StoredMark);
  return {
    mark: { ...mark, behind: new Map(Object.entries(behind)) },
    digests,
    version: document.version,
  };
}

function readBucket(store: LedgerStore, document: StoredDocument | undefined): HeldBucket {
  if (document === undefined) return { jobs: [] };
  return { ...readDocument(store, document, StoredBucket), version: document.version };
}

async function findBuckets(
  store: LedgerStore,
  verb: Verb,
  projectId: string,
  buckets: readonly number[],
): Promise<ReadonlyMap<string, StoredDocument>> {
  const found = new Map<string, StoredDocument>();
  if (buckets.length >= MANY) {
    const all = everyDocument(store, { collection: 'running-sets', group: documentKey(verb, projectId) });
    for await (const document of all) found.set(document.key, document);
    return found;
  }
  const some = await Promise.all(
    buckets.map((bucket) => store.get('running-sets', bucketKey(verb, projectId, bucket))),
  );
  for (const document of some) if (document) found.set(document.key, document);
  return found;
}

function bucketKey(verb: Verb, projectId: string, bucket: number): string {
  return documentKey(verb, projectId, String(bucket).padStart(2, '0'));
}

function asWrite(document: Omit<StoredDocument, 'version'>, version: string | undefined): Write {
  return version === undefined
    ? { kind: 'create', ...document }
    : { kind: 'replace', ifVersion: version, ...document };
}

/**
 * One commit, or as many as it takes with the mark in the last: buckets that are ahead of their mark do no harm,
 * for they lack only jobs that were handed over, and hold others that are not yet due to be forgotten.
 */
async function writeInOrder(store: LedgerStore, changes: readonly Write[], mark: Write): Promise<string> {
  let batch: Write[] = [];
  let size = 0;
  for (const change of changes) {
    const room = roomOf(change);
    if (size + room > MOST_IN_A_COMMIT) {
      await store.write(batch);
      batch = [];
      size = 0;
    }
    batch.push(change);
    size += room;
  }
  const versions = await store.write([...batch, mark]);
  const version = versions.at(-1);
  if (version === undefined) throw new TypeError('a store must return one version for each write');
  return version;
}

function roomOf(write: Write): number {
  if (write.kind === 'delete') return 0;
  const { jobs } = StoredBucket.parse(write.body);
  return jobs.reduce((sum, name) => sum + roomFor(name), 0);
}
