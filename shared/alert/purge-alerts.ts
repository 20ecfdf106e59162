import type { HistoryStop, SystemAlert, SystemAlertData } from './alert.schema.ts';
import { HOUR_MS, systemAlert } from './system-alert.ts';

/**
 * Told once an hour while it lasts. `fault` is the first of the file, with its place, or why the file cannot be
 * fetched; it quotes nothing but what the owner wrote.
 */
export function holdsRefused(fault: string, atMs: number): SystemAlert {
  return systemAlert({
    type: 'bigquery-watchdog.holds.refused.v1',
    severity: 'ERROR',
    verb: 'purge',
    sentence: `nothing is purged, for nobody knows what is on hold: ${fault}`,
    atMs,
    identity: [String(Math.floor(atMs / HOUR_MS))],
  });
}

/** How far the clean-up of a project's history has come. Times are milliseconds since the epoch. */
export interface HistoryProgress {
  readonly fromMs: number;
  readonly toMs: number;
  readonly doneToMs: number;
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly looked: number;
  readonly found: number;
  readonly purged: number;
  readonly estimatedEndAtMs?: number;
  readonly stoppedBy?: HistoryStop;
  /** Policies without `history`. */
  readonly onlyReported: readonly string[];
}

const STOPPED: Readonly<Record<HistoryStop, string>> = {
  capped: 'as many as "history" allows were purged within its time',
  'breaker-open': 'a breaker is open',
  stopped: 'a person has stopped all acts',
  'holds-unreadable': 'what is on hold cannot be read',
  'permission-missing': 'a permission is missing',
  'dry-run': 'it is a dry run',
  failed: 'a job could not be judged; see the log',
  unreachable: 'a location does not answer',
  'no-time': 'the clocks disagree, or BigQuery told no time',
  'policy-changed': 'the policy file has changed meanwhile',
};

/** Told once an hour while it goes on, and once when it is finished. */
export function historyProgress(projectId: string, progress: HistoryProgress, atMs: number): SystemAlert {
  const { startedAtMs, finishedAtMs } = progress;
  const stage = finishedAtMs === undefined ? String(Math.floor(atMs / HOUR_MS)) : 'finished';
  return systemAlert({
    type: 'bigquery-watchdog.history.progress.v1',
    severity: 'NOTICE',
    verb: 'purge',
    projectId,
    sentence: sentenceOf(projectId, progress),
    history: dataOf(progress),
    atMs,
    identity: [projectId, String(startedAtMs), stage],
  });
}

function sentenceOf(projectId: string, progress: HistoryProgress): string {
  const { looked, found, purged, doneToMs, finishedAtMs, estimatedEndAtMs, stoppedBy } = progress;
  const counts = `${looked} jobs looked at, ${found} to be purged, ${purged} purged${whyLeft(progress)}`;
  if (finishedAtMs !== undefined) return `the history of ${projectId} has been gone through: ${counts}`;
  const end = estimatedEndAtMs === undefined ? '' : `; it may take until ${timeOf(estimatedEndAtMs)}`;
  const stop = stoppedBy === undefined ? '' : `; it goes no further for now, for ${STOPPED[stoppedBy]}`;
  return `the history of ${projectId} has been gone through up to ${timeOf(doneToMs)}: ${counts}${stop}${end}`;
}

function whyLeft({ found, purged, onlyReported }: HistoryProgress): string {
  if (found <= purged) return '';
  const others = 'the others are due later, or alerts of their own say what keeps them';
  if (onlyReported.length === 0) return `; ${others}`;
  return `; what only ${onlyReported.join(', ')} would purge is reported and not purged, for want of "history"; ${others}`;
}

function dataOf(progress: HistoryProgress): NonNullable<SystemAlertData['history']> {
  const { fromMs, toMs, doneToMs, looked, found, purged, finishedAtMs, estimatedEndAtMs } = progress;
  const { stoppedBy, onlyReported } = progress;
  return {
    from: timeOf(fromMs),
    to: timeOf(toMs),
    doneTo: timeOf(doneToMs),
    looked,
    found,
    purged,
    isFinished: finishedAtMs !== undefined,
    ...(estimatedEndAtMs !== undefined && { estimatedEndAt: timeOf(estimatedEndAtMs) }),
    ...(stoppedBy !== undefined && { stoppedBy }),
    ...(onlyReported.length > 0 && { onlyReported: [...onlyReported] }),
  };
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
