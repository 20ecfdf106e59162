import type { Break } from './break.ts';

/** What a job has used and cost, and which jobs a policy is about. */
export const MONEY_AND_MATCHES: readonly Break[] = [
  {
    name: 'an estimate counts without basis: estimate',
    rule: 'rule 7',
    file: 'shared/limits/cost.ts',
    from: "if (!byEstimate) return { kind: 'idle' };",
    to: "if (told.usdPerTiB < 0) return { kind: 'idle' };",
  },
  {
    name: 'a script is charged for what its children are',
    rule: 'section 2: cost',
    file: 'shared/cost/job-cost.ts',
    from: "if (job.statementType === 'SCRIPT') return",
    to: "if (job.statementType === 'NONE') return",
  },
  {
    name: 'an average is taken up to the beginning of the second',
    rule: 'rule 11',
    file: 'shared/cost/projection.ts',
    from: 'nowMs + SECOND_OF_LOOK_MS - startTimeMs',
    to: 'nowMs - startTimeMs',
  },
  {
    name: 'reservations match what they do not name',
    rule: 'rule 1',
    file: 'shared/judge/match.ts',
    from: 'holds: (job) => anyGlobOf(reservations, job.reservation)',
    to: 'holds: (job) => !anyGlobOf(reservations, job.reservation)',
  },
  {
    name: 'a job that waits is taken to have no reservation',
    rule: 'section 2: absent',
    file: 'shared/job/rest-details.ts',
    from: "const settled = source === 'get' && state !== 'PENDING';",
    to: "const settled = source === 'get';",
  },
  {
    name: 'statement types are not asked',
    rule: 'rule 1',
    file: 'shared/judge/match.ts',
    from: 'holds: (job) => oneOf(statementTypes, job.statementType)',
    to: 'holds: (job) => job.statementType !== null',
  },
  {
    name: 'editions are not asked',
    rule: 'rule 1',
    file: 'shared/judge/match.ts',
    from: 'holds: (job) => oneOf(editions, job.edition)',
    to: 'holds: (job) => job.edition !== null',
  },
  {
    name: "a table of another project passes for one's own",
    rule: 'rule 1',
    file: 'shared/judge/match.ts',
    from: 'return projectId === ownProjectId && anyGlob',
    to: 'return projectId !== null && anyGlob',
  },
  {
    name: 'results that nobody named are a destination',
    rule: 'rule 1',
    file: 'shared/job/table-name.ts',
    from: 'return isAnonymousTable(table) ? null : table;',
    to: 'return isAnonymousTable(table) ? table : table;',
  },
];
