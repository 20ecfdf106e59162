import { analystQuery, HOUR_MS, type Kind, minutes, onReservation, reads, TIB } from './kind.ts';

const CROSS_JOIN =
  'SELECT a.card_number, b.card_number FROM crm.customers AS a CROSS JOIN crm.customers AS b';

/** What goes wrong on the day: for every outcome of a cancel at least one job, the first of them early. */
export const INCIDENTS: readonly Kind[] = [
  {
    name: 'runaway',
    perDay: 11,
    when: 'office-hours',
    // One is far above its limit when the watchdog is switched on, one is about to be.
    also: [-47, -21, 14],
    draw: (dice) => ({
      ...analystQuery(dice),
      query: CROSS_JOIN,
      runMs: minutes(dice.between(90, 540)),
      slots: dice.between(80, 700),
    }),
  },
  {
    name: 'endless_join',
    perDay: 2,
    when: 'office-hours',
    also: [-10],
    draw: (dice) => ({
      ...analystQuery(dice),
      query: CROSS_JOIN,
      runMs: Number.POSITIVE_INFINITY,
      slots: 400,
    }),
  },
  {
    name: 'all_of_history',
    perDay: 5,
    when: 'office-hours',
    also: [5],
    draw: (dice) => ({
      ...analystQuery(dice),
      query: 'SELECT * FROM web.raw_clicks',
      ...reads(dice, dice.between(11, 80) * TIB),
      runMs: minutes(dice.between(40, 200)),
      slots: 900,
    }),
  },
  {
    // Ends by itself in the very moment in which it is asked to stop.
    name: 'photo_finish',
    perDay: 2,
    when: 'office-hours',
    also: [6],
    draw: (dice) => ({ ...analystQuery(dice), runMs: minutes(dice.between(31, 34)), cancel: 'loses-race' }),
  },
  {
    // Hears the third request only.
    name: 'hard_of_hearing',
    perDay: 1,
    when: 'office-hours',
    also: [3],
    draw: (dice) => ({
      ...analystQuery(dice),
      query: CROSS_JOIN,
      runMs: 6 * HOUR_MS,
      cancel: { ignoresFirst: 2 },
    }),
  },
  {
    name: 'unstoppable',
    perDay: 1,
    when: 'office-hours',
    also: [-16],
    draw: (dice) => ({ ...analystQuery(dice), query: CROSS_JOIN, runMs: 2 * HOUR_MS, cancel: 'stuck' }),
  },
  {
    name: 'no_estimate',
    perDay: 1,
    when: 'office-hours',
    also: [9],
    draw: (dice) => ({
      ...analystQuery(dice),
      runMs: minutes(dice.between(8, 20)),
      lateFields: { estimatedBytesProcessed: 24 * HOUR_MS },
    }),
  },
  {
    // Exempt: whoever is on call may.
    name: 'oncall_forensics',
    perDay: 2,
    when: 'always',
    also: [-33],
    draw: (dice) => ({ ...analystQuery(dice), principal: 'oncall@example.com', runMs: minutes(150) }),
  },
  {
    name: 'backfill',
    perDay: 4,
    when: 'always',
    also: [-18],
    draw: (dice) => ({
      projectId: 'shop-prod',
      ...onReservation('US'),
      principal: 'etl@shop-prod.iam.gserviceaccount.com',
      priority: 'BATCH',
      query: 'INSERT INTO sales.orders SELECT * FROM archive.orders_2019',
      statementType: 'INSERT',
      runMs: minutes(dice.between(180, 300)),
      slots: dice.between(500, 900),
      ...reads(dice, 2 * TIB),
    }),
  },
  {
    // Of a policy that is on trial: nothing is done.
    name: 'slow_build',
    perDay: 3,
    when: 'night',
    also: [-83],
    draw: (dice) => ({
      projectId: 'shop-analytics',
      ...onReservation('US'),
      principal: 'dbt@shop-analytics.iam.gserviceaccount.com',
      query: 'CREATE OR REPLACE TABLE marts.lifetime_value AS SELECT customer_ssn FROM crm.customers',
      statementType: 'CREATE_TABLE_AS_SELECT',
      runMs: minutes(dice.between(100, 160)),
      slots: dice.between(30, 90),
    }),
  },
  {
    name: 'queued_report',
    perDay: 3,
    when: 'always',
    also: [-35],
    draw: (dice) => ({
      ...analystQuery(dice),
      priority: 'BATCH',
      pendingMs: dice.next() < 0.5 ? Number.POSITIVE_INFINITY : minutes(dice.between(65, 180)),
      runMs: minutes(dice.between(20, 60)),
    }),
  },
  {
    name: 'hanging_load',
    perDay: 2,
    when: 'always',
    also: [-90],
    draw: () => ({
      projectId: 'shop-finance',
      location: 'EU',
      principal: 'ingest@shop-prod.iam.gserviceaccount.com',
      type: 'LOAD',
      runMs: Number.POSITIVE_INFINITY,
    }),
  },
  {
    name: 'full_copy',
    perDay: 1,
    when: 'night',
    also: [-110],
    draw: (dice) => ({
      projectId: 'shop-prod',
      location: 'US',
      principal: 'backup@shop-prod.iam.gserviceaccount.com',
      type: 'COPY',
      runMs: minutes(dice.between(150, 200)),
    }),
  },
  {
    // Below what is a huge scan anywhere, and above what one query may cost.
    name: 'costly_report',
    perDay: 4,
    when: 'office-hours',
    also: [8],
    draw: (dice) => ({
      ...analystQuery(dice),
      query: 'SELECT * FROM web.sessions JOIN web.raw_clicks USING (session_id)',
      ...reads(dice, dice.between(8.3, 9.9) * TIB),
      runMs: minutes(dice.between(12, 26)),
      slots: 300,
    }),
  },
];
