/** Policies that look after everybody's jobs; the others look after one team's each, as in an organisation. */
const FOR_ALL = [
  'name: interactive-runtime, match: { jobTypes: [QUERY], priority: INTERACTIVE }, limit: { runtime: 6h, warnAt: 80% }',
  'name: any-runtime, except: { principals: ["oncall@example.com", "dba-*@example.com"] }, limit: { runtime: 12h }',
  'name: batch-runtime, match: { priority: BATCH }, limit: { runtime: 1d }',
  'name: loads, match: { jobTypes: [LOAD, EXTRACT] }, limit: { runtime: 2h }',
];

/** How a team's jobs are told apart: by who runs them, by the project, by a label. */
const TEAMS: readonly ((team: number) => string)[] = [
  (team) => `principals: ["team-${team}-*@example.com", "etl-${team}@shop.iam.gserviceaccount.com"]`,
  (team) => `projects: ["team-${team}-*"], jobTypes: [QUERY]`,
  (team) => `labels: { team: team-${team} }`,
  (team) => `principals: ["analyst-${team}@example.com"], priority: INTERACTIVE`,
];

/** A policy file with so many policies, a few for everybody and the rest for one team each. */
export function manyPolicies(count: number): string {
  const own = Array.from({ length: count - FOR_ALL.length }, (_, team) => {
    const match = TEAMS[team % TEAMS.length]?.(team) ?? '';
    return `name: team-${team}, match: { ${match} }, except: { principals: ["*-lead@example.com"], labels: { watchdog: exempt } }, limit: { runtime: 30m }`;
  });
  const policies = [...FOR_ALL, ...own].map((policy) => `  - { ${policy}, action: cancel }`);
  return `version: 1\nmode: enforce\npolicies:\n${policies.join('\n')}\n`;
}
