import { isRecord, recordAt, textAt } from '../../simulator/json.ts';
import type { JobTruth } from '../../simulator/truth.ts';

// Which jobs may be run again at all, written anew from docs/retry.md (Which jobs).

/** A job of a service account whose repetition does nothing that it did not do, or twice what it did. */
export function isRepeatable(job: JobTruth, repeatsWrites: boolean): boolean {
  const { principal = '', parentJobId, dryRun, continuous } = job;
  if (!isServiceAccount(principal) || parentJobId !== undefined || dryRun || continuous) return false;
  if (namesAnAccount(job)) return false;
  const kind = replacesWhatItReads(job) ? 'twice' : repetitionOf(job);
  return kind === 'the-same' || (kind === 'twice' && repeatsWrites);
}

/** A person's own identity, and what only Google can act as, is nobody's to borrow. */
function isServiceAccount(principal: string): boolean {
  const [, domain = ''] = principal.split('@');
  const isAccount = domain.endsWith('.gserviceaccount.com');
  return isAccount && domain !== 'system.gserviceaccount.com' && !domain.startsWith('gcp-sa-');
}

/** Its own configuration says as whom it runs. */
function namesAnAccount({ configuration }: JobTruth): boolean {
  const { connectionProperties } = recordAt(configuration, 'query') ?? {};
  const properties: readonly unknown[] = Array.isArray(connectionProperties) ? connectionProperties : [];
  return properties.some((property) => isRecord(property) && property['key'] === 'service_account');
}

/** As far as BigQuery tells what it reads. */
function replacesWhatItReads({ type, statementType = '', ...job }: JobTruth): boolean {
  const isWhole = type === 'COPY' || ['SELECT', 'CREATE_TABLE_AS_SELECT'].includes(statementType);
  const written = job.destinationTable;
  const isRead = (job.referencedTables ?? []).some(
    (read) =>
      read.projectId === written?.projectId &&
      read.datasetId === written.datasetId &&
      read.tableId === written.tableId,
  );
  return isWhole && isRead && repetitionOf({ type, statementType, ...job }) === 'the-same';
}

type Repetition = 'the-same' | 'twice' | 'never';

function repetitionOf(job: JobTruth): Repetition {
  const { configuration, type, statementType = '' } = job;
  const disposition = textAt(configuration, type.toLowerCase(), 'writeDisposition');
  switch (type) {
    case 'LOAD':
      return disposition === undefined || disposition === 'WRITE_APPEND' ? 'twice' : 'the-same';
    case 'COPY':
      return disposition === 'WRITE_APPEND' ? 'twice' : 'the-same';
    case 'EXTRACT':
      return JSON.stringify(recordAt(configuration, 'extract')?.['destinationUris']).includes('*')
        ? 'twice'
        : 'the-same';
    case 'QUERY':
      return repetitionOfQuery(statementType, textAt(configuration, 'query', 'query') ?? '', disposition);
    default:
      return 'never';
  }
}

function repetitionOfQuery(type: string, text: string, disposition: string | undefined): Repetition {
  if (type === 'SELECT') return disposition === 'WRITE_APPEND' ? 'twice' : 'the-same';
  if (type.startsWith('CREATE_'))
    return /^CREATE (OR REPLACE|\w+ IF NOT EXISTS)/.test(text) ? 'the-same' : 'never';
  if (type === 'MERGE') {
    // What an earlier run inserted goes before it is inserted again.
    return text.includes(' ON FALSE ') && !text.includes(' BY SOURCE THEN DELETE') ? 'twice' : 'the-same';
  }
  return 'twice';
}
