import type { Random } from './random.ts';
import type { SelectorDescription } from './selector-description.ts';

const TABLES_READ = ['sales.*', 'hr.*', 'data-lake.*', '*.orders'] as const;

export function drawMatch(random: Random): SelectorDescription {
  return {
    ...(random.chance(0.15) && { projects: [random.pick(['shop-*', '*:legacy-jobs', 'data-lake'])] }),
    ...(random.chance(0.15) && { locations: [random.pick(['US', 'eu', 'europe-west2'])] }),
    ...(random.chance(0.35) && {
      principals: [
        random.pick(['*', '*@example.com', 'etl-*', '*@*.iam.gserviceaccount.com', 'bigquery-adminbot@*']),
      ],
    }),
    ...(random.chance(0.15) && { labels: { team: random.pick(['batch', 'b*', '*']) } }),
    ...(random.chance(0.3) && {
      jobTypes: random.some(['QUERY', 'LOAD', 'COPY', 'EXTRACT'] as const, 0.6).concat('QUERY'),
    }),
    ...(random.chance(0.15) && { priority: random.pick(['INTERACTIVE', 'BATCH']) }),
    ...(random.chance(0.1) && { statementTypes: random.pick([['SELECT'], ['MERGE', 'INSERT'], ['SCRIPT']]) }),
    ...(random.chance(0.1) && { reservations: [random.pick(['*.etl', 'admin-a:*', '*'])] }),
    ...(random.chance(0.08) && { editions: random.pick([['ENTERPRISE'], ['STANDARD', 'ENTERPRISE_PLUS']]) }),
    ...(random.chance(0.08) && { referencedTables: [random.pick(TABLES_READ)] }),
    ...(random.chance(0.08) && {
      destinationTables: [random.pick(['reports.*', 'shop-prod.*', '*.orders*'])],
    }),
    ...(random.chance(0.06) && { continuous: true as const }),
    ...(random.chance(0.06) && { dryRun: true as const }),
  };
}

export function drawExcept(random: Random): SelectorDescription {
  return random.pick<SelectorDescription>([
    { principals: ['ONCALL@example.com'] },
    { principals: ['oncall@example.com', 'etl-1@*'], labels: { watchdog: 'exempt' } },
    { labels: { watchdog: 'exempt' } },
    { jobTypes: ['LOAD', 'EXTRACT'] },
    { priority: 'BATCH' },
    { locations: ['EU'] },
    { statementTypes: ['MERGE', 'SCRIPT'] },
    { reservations: ['*.etl'] },
    { editions: ['ENTERPRISE'], jobTypes: ['QUERY'] },
    { referencedTables: ['hr.*', 'data-lake.hr.*'] },
    { destinationTables: ['shop-prod.reports.*'] },
  ]);
}
