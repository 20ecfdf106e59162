import type { Certificate, ClaimRequest, PurgeDetails } from '../../shared/ledger/ledger.ts';
import { JOB, LEASE_MS } from './ledger-examples.ts';

/** A purge that is due a quarter of an hour after `endedAtMs`. */
export function purgeDetails(endedAtMs: number, changes: Partial<PurgeDetails> = {}): PurgeDetails {
  return {
    principal: 'ada@example.com',
    endedAtMs,
    dueAtMs: endedAtMs + 900_000,
    by: 'live',
    found: [
      { detector: 'credentials', field: 'configuration.query.query', hash: 'hmac-sha256:0f' },
      { detector: 'labels', field: 'configuration.labels{}' },
    ],
    ...changes,
  };
}

export function purgeRequest(changes: Partial<ClaimRequest> = {}): ClaimRequest {
  const policy = changes.policy ?? 'secrets-in-sql';
  return {
    job: JOB,
    verb: 'purge',
    attempt: 1,
    policy,
    finding: {
      policy,
      degree: 'crossed',
      action: 'purge',
      mode: 'enforce',
      sentence: `holds what ${policy} wants gone`,
    },
    holder: 'instance-a',
    leaseMs: LEASE_MS,
    ...changes,
  };
}

export function certificate(verifiedAtMs: number, changes: Partial<Certificate> = {}): Certificate {
  const { found, principal } = purgeDetails(verifiedAtMs);
  return {
    job: JOB,
    children: ['script_job_1', 'script_job_2'],
    ...(principal !== undefined && { principal }),
    policy: 'secrets-in-sql',
    by: 'instance-a',
    found,
    seenDoneAtMs: verifiedAtMs - 2_000,
    askedAtMs: [verifiedAtMs - 1_000],
    verifiedAtMs,
    copiesNotReached: ['audit-log', 'results'],
    ...changes,
  };
}
