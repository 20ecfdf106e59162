import type { Alert, JobAlertData } from '../alert/alert.schema.ts';
import { jobAlert } from '../alert/job-alert.ts';
import type { Job } from '../job/job.ts';
import type { Certificate, Claim, ClaimChange, HeldClaim } from '../ledger/ledger.ts';
import { publishRows, toRow } from './outbox.ts';
import type { EnforcePorts } from './ports.ts';

/** What an act has come to, with the finding that its claim was won for. */
export function actAlert(
  step: CancelStep,
  job: Job,
  claim: Claim,
  nowMs: number,
  because?: NonNullable<JobAlertData['because']>,
): Alert {
  const { finding, askedAtMs } = claim;
  return jobAlert({
    step,
    job,
    finding,
    sentence: `${finding.sentence}: ${OUTCOMES[step]}`,
    atMs: nowMs,
    askedAtMs,
    ...(because && { because }),
  });
}

/** What a cancel comes to. */
type CancelStep = 'cancelling' | 'cancelled' | 'ended-first' | 'could-not-cancel' | 'observed';

const OUTCOMES: Readonly<Record<CancelStep, string>> = {
  observed: 'nothing was done',
  cancelling: 'BigQuery was asked to cancel it',
  cancelled: 'it was cancelled, though it may still be billed',
  'ended-first': 'it ended by itself before it could be cancelled',
  'could-not-cancel': 'it runs on',
};

/** Writes a claim and what is to be told of it in one commit, then publishes. */
export async function record(
  held: HeldClaim,
  change: ClaimChange,
  alerts: readonly Alert[],
  ports: EnforcePorts,
  certificate?: Certificate,
): Promise<HeldClaim> {
  const rows = alerts.map(toRow);
  const { held: written, fresh } = await ports.ledger.advance(held, change, rows, certificate);
  await publishRows(
    rows.filter((row) => fresh.includes(row.ceId)),
    ports,
  );
  return written;
}
