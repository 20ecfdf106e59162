import type { Severity, SystemAlert } from './alert.schema.ts';
import { eventId } from './event-id.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

interface SystemNews {
  readonly type: SystemAlert['type'];
  readonly severity: Severity;
  readonly verb: string;
  readonly sentence: string;
  readonly atMs: number;
  readonly policy?: string;
  readonly projectId?: string;
  /** What, besides type and verb, makes this alert another one. */
  readonly identity: readonly string[];
}

function systemAlert(news: SystemNews): SystemAlert {
  const about = {
    ...(news.policy !== undefined && { policy: news.policy }),
    ...(news.projectId !== undefined && { projectId: news.projectId }),
  };
  return {
    specversion: '1.0',
    id: eventId(news.type, news.verb, ...news.identity),
    source: `bigquery-watchdog/${news.verb}`,
    type: news.type,
    time: new Date(news.atMs).toISOString(),
    datacontenttype: 'application/json',
    severity: news.severity,
    ...(news.policy !== undefined && { policy: news.policy }),
    ...(news.projectId !== undefined && { project: news.projectId }),
    data: { sentence: news.sentence, verb: news.verb, ...about },
  };
}

/** Told each time the breaker trips: after a reset it may trip again. */
export function breakerTripped(verb: string, policy: string, why: string, atMs: number): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.breaker.tripped.v1',
    severity: 'CRITICAL',
    verb,
    policy,
    sentence: `the breaker of ${policy} tripped: ${why}; nothing more is done for this policy until a person runs "bq-watchdog breaker reset ${policy}"`,
    atMs,
    identity: [policy, String(atMs)],
  });
}

/** What of the file is refused, and since when no good text has come between. */
export interface RefusedPolicy {
  readonly generation: string;
  /** Undefined where nobody can tell. */
  readonly sinceMs: number | undefined;
  /** The first fault, and its place. */
  readonly fault: string;
}

/** Told once per text of the file, and again when it comes back after a good one. */
export function policyRefused(
  verb: string,
  { generation, sinceMs, fault }: RefusedPolicy,
  atMs: number,
): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.policy.refused.v1',
    severity: 'ERROR',
    verb,
    sentence: `the policy file was refused and the last good one stays in force: ${fault}`,
    atMs,
    identity: [generation, String(sinceMs)],
  });
}

/**
 * Told once an hour, whoever notices it first. `replaced`: the file was deleted or replaced. `torn`: its write-ahead
 * log was removed.
 */
export function ledgerLost(
  verb: string,
  place: string,
  loss: 'replaced' | 'torn',
  atMs: number,
): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.ledger.lost.v1',
    severity: 'CRITICAL',
    verb,
    sentence: `the ledger ${place} ${LOSSES[loss]}`,
    atMs,
    identity: [place, loss, String(Math.floor(atMs / HOUR_MS))],
  });
}

const LOSSES = {
  replaced:
    'was deleted or replaced while it was in use: what is at its place now is used, and if that is a new one, nothing is stopped any more and no breaker is open; run "bq-watchdog stop" again if nothing is to be done',
  torn: 'has lost its -wal file while it was in use: nothing is done until this function is started again; then run "bq-watchdog stop" again if nothing is to be done',
} as const;

/** Told once a day. `why` says what failed, `sinceMs` since when at least. */
export function policyUnavailable(verb: string, why: string, sinceMs: number, atMs: number): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.policy.unavailable.v1',
    severity: 'ERROR',
    verb,
    sentence: `nothing is done, for nobody knows what the policy file says, and no sweep has been whole since ${new Date(sinceMs).toISOString()}: ${why}`,
    atMs,
    identity: [String(Math.floor(atMs / DAY_MS))],
  });
}

/** Told once a day. */
export function clockSkewed(verb: string, skewMs: number, atMs: number): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.clock.skewed.v1',
    severity: 'ERROR',
    verb,
    sentence: `the clock of this function and BigQuery's differ by ${Math.round(skewMs / 1_000)} s (at most 30 s is accepted): nothing is done until they agree`,
    atMs,
    identity: [String(Math.floor(atMs / DAY_MS))],
  });
}

/** Told once a day. */
export function clockUntold(verb: string, atMs: number): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.clock.untold.v1',
    severity: 'ERROR',
    verb,
    sentence:
      "BigQuery's answers bear no Date header, so nobody can say how long a job has run: nothing is done until they do; check what stands between this function and BigQuery",
    atMs,
    identity: [String(Math.floor(atMs / DAY_MS))],
  });
}

/**
 * Told once a day per project and kind of failure. `kind` names it, with the hour where it is told each hour; `detail`
 * says what failed, and what to do.
 */
export function projectUnwatchable(
  verb: string,
  projectId: string,
  kind: string,
  detail: string,
  atMs: number,
): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.project.unwatchable.v1',
    severity: 'ERROR',
    verb,
    projectId,
    sentence: `project ${projectId} is not watched as it should be: ${detail}`,
    atMs,
    identity: [projectId, kind, String(Math.floor(atMs / DAY_MS))],
  });
}

/** What is missing. `detail` says where it was noticed, and which role has it. */
export interface Lacking {
  readonly permission: string;
  /** To whom, or on whom, if that is a service account as which a job was to be run again. */
  readonly account?: string | undefined;
  readonly detail: string;
}

/** Told once a day per project, permission and account, however many jobs it is missing for. */
export function permissionMissing(
  verb: string,
  projectId: string,
  { permission, account, detail }: Lacking,
  atMs: number,
): SystemAlert {
  const [what, whose] =
    account === undefined
      ? [`project ${projectId} cannot be watched`, permission]
      : [`jobs of ${account} cannot be run again in project ${projectId}`, `${permission} of ${account}`];
  return systemAlert({
    type: 'bigquery-watchdog.permission.missing.v1',
    severity: 'ERROR',
    verb,
    projectId,
    sentence: `${what}: ${detail}`,
    atMs,
    identity: [projectId, whose, String(Math.floor(atMs / DAY_MS))],
  });
}

/** Told once per policy and hour, when that many findings have been told one by one. */
export function findingsSummarised(verb: string, policy: string, told: number, atMs: number): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.findings.summarised.v1',
    severity: 'WARNING',
    verb,
    policy,
    sentence: `${policy} found more than ${told} jobs within this hour; further ones are only logged until the hour ends`,
    atMs,
    identity: [policy, String(Math.floor(atMs / HOUR_MS))],
  });
}
