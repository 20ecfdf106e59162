import type { Invariant } from '../invariant.ts';

const MISSING = 'bigquery-watchdog.permission.missing.v1';
const DAY_MS = 86_400_000;

/** A project that may not be listed is told of. */
export const toldWithheld: Invariant = {
  name: 'people know of a project that may not be listed',
  rule: 'section 3: failures',
  *onEnd(_, past) {
    for (const happening of past.plan.happenings) {
      if (happening.kind !== 'withheld') continue;
      const { forGood, permissions, projectId } = happening.withheld;
      if (!forGood || !permissions.includes('bigquery.jobs.list')) continue;
      const isTold = past.published.some(
        ({ event }) => event['type'] === MISSING && event['project'] === projectId,
      );
      if (!isTold) yield `${projectId} may not be listed, and nobody was told`;
    }
  },
};

/** Once a day by each function, and for each account that lacks it, however many jobs the permission is missing for. */
export const toldOnce: Invariant = {
  name: 'a missing permission is told once',
  rule: 'section 3: outbox',
  *onPublished({ event }, past) {
    if (event['type'] !== MISSING || past.skews.some((skewMs) => Math.abs(skewMs) >= DAY_MS)) return;
    const permission = permissionIn(event);
    for (const { event: other } of past.published) {
      const isSame =
        other['type'] === MISSING &&
        other['project'] === event['project'] &&
        other['source'] === event['source'] &&
        permissionIn(other) === permission;
      if (isSame && other['id'] !== event['id'])
        yield `${permission} in ${String(event['project'])} is told under ${String(other['id'])} and ${String(event['id'])}`;
    }
  },
};

function permissionIn({ data }: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(data);
  return `${/bigquery\.jobs\.\w+/.exec(text)?.[0]} of ${/[\w-]+@[\w.-]+/.exec(text)?.[0]}`;
}
