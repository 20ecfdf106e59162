import type { OwnerText } from '../shared/owner-files/owner-file.ts';
import type { Hold } from '../shared/policy/holds/holds.ts';
import { loadYaml } from '../shared/policy/load.ts';
import { isoTime } from './job-view.ts';

/** A hold for programs. `match` is what the file says. */
export interface ShownHold {
  readonly id: string;
  readonly reason: string;
  /** Absent: it has no end. */
  readonly until?: string;
  readonly by?: string;
  readonly isActive: boolean;
  readonly match: unknown;
}

/** @param holds those of that text, in its order */
export function shownHolds(
  { text }: Pick<OwnerText, 'text'>,
  holds: readonly Hold[],
  nowMs: number,
): readonly ShownHold[] {
  const written = loadYaml(text, 'holds').root?.children.get('holds')?.children;
  return holds.map(({ id, reason, untilMs, by }, at) => {
    const until = isoTime(untilMs);
    return {
      id,
      reason,
      ...(until !== undefined && { until }),
      ...(by !== undefined && { by }),
      isActive: untilMs === undefined || untilMs >= nowMs,
      match: written?.get(at)?.children.get('match')?.value,
    };
  });
}

/** "projects: shop; created: from 2026-01-01" */
export function printMatch(match: unknown): string {
  if (typeof match !== 'object' || match === null) return String(match);
  return Object.entries(match)
    .map(([key, value]) => `${key}: ${printValue(value)}`)
    .join('; ');
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${String(inner)}`)
    .join(', ');
}
