import type { JobError } from '../simulator/job-script.ts';
import type { Dice } from './dice.ts';
import { analystQuery, GIB, type Kind, minutes, onReservation, reads } from './kind.ts';

const UNAVAILABLE: JobError = { reason: 'backendError', message: 'Error encountered during execution.' };
const TOO_MANY: JobError = { reason: 'jobRateLimitExceeded', message: 'Exceeded rate limits.' };
const INTERNAL: JobError = { reason: 'internalError', message: 'An internal error occurred.' };

/** Each does something of its own: of two that do the same, the one that succeeds would save the other its retry. */
function batch(dice: Dice): number {
  return Math.floor(dice.between(1, 1_000_000));
}

/** What fails on the day: for every outcome of a retry at least one job, the first of them early. */
export const FAILURES: readonly Kind[] = [
  {
    // Succeeds when it is run again.
    name: 'load_inventory',
    perDay: 9,
    when: 'always',
    also: [-3, 4],
    failures: 1,
    draw: (dice) => ({
      projectId: 'shop-finance',
      location: 'EU',
      principal: 'ingest@shop-prod.iam.gserviceaccount.com',
      type: 'LOAD',
      writeDisposition: 'WRITE_TRUNCATE',
      sourceUris: [`gs://shop-inventory/${batch(dice)}.csv`],
      runMs: minutes(dice.between(3, 12)),
      error: UNAVAILABLE,
    }),
  },
  {
    // So many want slots at once that the first retry fails too.
    name: 'merge_prices',
    perDay: 4,
    when: 'always',
    also: [-5, 7],
    failures: 2,
    draw: (dice) => ({
      projectId: 'shop-prod',
      ...onReservation('US'),
      principal: 'etl@shop-prod.iam.gserviceaccount.com',
      priority: 'BATCH',
      query: `MERGE sales.prices USING staging.prices_${batch(dice)} AS delta ON prices.sku = delta.sku`,
      statementType: 'MERGE',
      runMs: minutes(dice.between(5, 9)),
      slots: dice.between(10, 40),
      ...reads(dice, dice.between(10, 90) * GIB),
      error: TOO_MANY,
    }),
  },
  {
    // Fails however often it is run.
    name: 'export_catalog',
    perDay: 2,
    when: 'always',
    also: [-1, 3],
    draw: (dice) => ({
      projectId: 'shop-finance',
      location: 'europe-west2',
      principal: 'export@shop-finance.iam.gserviceaccount.com',
      type: 'EXTRACT',
      destinationUris: [`gs://shop-catalog/${batch(dice)}.csv`],
      runMs: minutes(dice.between(1, 4)),
      error: INTERNAL,
    }),
  },
  {
    // Would have rows there twice if it had done its work after all.
    name: 'append_audit',
    perDay: 3,
    when: 'always',
    also: [-8],
    draw: (dice) => ({
      projectId: 'shop-prod',
      ...onReservation('US'),
      principal: 'etl@shop-prod.iam.gserviceaccount.com',
      query: 'INSERT INTO sales.audit SELECT * FROM staging.audit_delta',
      statementType: 'INSERT',
      runMs: minutes(dice.between(9, 20)),
      slots: dice.between(10, 40),
      error: UNAVAILABLE,
    }),
  },
  {
    // A person's: nobody can act as a person.
    name: 'weekly_numbers',
    perDay: 3,
    when: 'office-hours',
    also: [-4],
    draw: (dice) => ({ ...analystQuery(dice), runMs: minutes(dice.between(6, 15)), error: UNAVAILABLE }),
  },
  {
    // Nothing that another try would mend: nobody is told.
    name: 'broken_model',
    perDay: 8,
    when: 'always',
    also: [-2],
    draw: () => ({
      projectId: 'shop-analytics',
      ...onReservation('US'),
      principal: 'dbt@shop-analytics.iam.gserviceaccount.com',
      query: 'CREATE OR REPLACE TABLE marts.churn AS SELECT customer_idd FROM crm.customers',
      statementType: 'CREATE_TABLE_AS_SELECT',
      runMs: 2_000,
      error: { reason: 'invalidQuery', message: 'Unrecognized name: customer_idd' },
    }),
  },
];
