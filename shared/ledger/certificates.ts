import { jobKey } from '../job/job-name.ts';
import { StoredCertificate } from './certificate.schema.ts';
import type { Create } from './commit.ts';
import { documentKey, newestFirst } from './document-key.ts';
import { UnreadableDocumentError } from './errors.ts';
import { everyDocument } from './every-document.ts';
import type { Certificate, Ledger } from './ledger.ts';
import { readDocument } from './read-document.ts';
import type { LedgerStore } from './store.ts';

type CertificatesOf = Pick<Ledger, 'certificates' | 'certificateOf'>;

/** Certificates never expire: they are all that is left of what was purged. */
export function openCertificates(store: LedgerStore): CertificatesOf {
  return {
    certificates: async (sinceMs, limit) => {
      const certificates: Certificate[] = [];
      const unreadable: Error[] = [];
      if (limit <= 0) return { certificates, unreadable };
      for await (const document of everyDocument(store, { collection: 'certificates' })) {
        // Its place in the list tells when, also where nothing else can be read.
        if (document.key >= keyBefore(sinceMs)) break;
        try {
          certificates.push(readDocument(store, document, StoredCertificate));
        } catch (error) {
          if (!(error instanceof UnreadableDocumentError)) throw error;
          unreadable.push(error);
        }
        if (certificates.length === limit) break;
      }
      return { certificates, unreadable };
    },
    certificateOf: async (job) => {
      const [newest] = await store.find({ collection: 'certificates', group: groupOf(job), limit: 1 });
      return newest && readDocument(store, newest, StoredCertificate);
    },
  };
}

/** The write that adds a certificate. Where it stands already, it was added by the same end of the same claim. */
export function newCertificate(certificate: Certificate): Create {
  const { job, verifiedAtMs } = certificate;
  return {
    kind: 'create',
    collection: 'certificates',
    key: documentKey(newestFirst(verifiedAtMs), jobKey(job)),
    body: { ...certificate },
    group: groupOf(job),
  };
}

/** After the key of any certificate of then, and before those of all that are older. */
function keyBefore(sinceMs: number): string {
  return newestFirst(sinceMs - 1);
}

function groupOf(job: Certificate['job']): string {
  return documentKey('job', jobKey(job));
}
