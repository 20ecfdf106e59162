import { analystQuery, GIB, type Kind, minutes, onReservation, reads } from './kind.ts';

/** A child job runs where its parent does. */
const { location: _, ...FEATURE_SLOTS } = onReservation('EU');

/** What runs on an ordinary day. Nearly all of it keeps within the limits of `policies.yaml`. */
export const ORDINARY: readonly Kind[] = [
  {
    name: 'notebook',
    perDay: 130,
    when: 'office-hours',
    also: [-20, -12, -3, 2],
    // Some come close to half an hour and are warned.
    draw: (dice) => ({ ...analystQuery(dice), runMs: minutes(4 + 24.5 * dice.next() ** 2) }),
  },
  {
    name: 'dashboard',
    perDay: 120,
    when: 'office-hours',
    also: [0.2, 1],
    // A few take longer than five minutes.
    draw: (dice) => ({
      projectId: 'shop-analytics',
      location: 'US',
      principal: 'looker@shop-analytics.iam.gserviceaccount.com',
      priority: 'INTERACTIVE',
      query: 'SELECT day, SUM(revenue_cents) FROM sales.daily_revenue GROUP BY day',
      statementType: 'SELECT',
      runMs: minutes(dice.next() < 0.06 ? dice.between(5.2, 9) : dice.between(0.2, 4)),
      slots: dice.between(5, 60),
      ...reads(dice, dice.between(1, 40) * GIB),
    }),
  },
  {
    name: 'etl_orders',
    perDay: 90,
    when: 'always',
    also: [-70, -45, -30],
    draw: (dice) => ({
      projectId: 'shop-prod',
      ...onReservation(dice.pick('US', 'asia-northeast1')),
      principal: 'etl@shop-prod.iam.gserviceaccount.com',
      priority: 'BATCH',
      query: 'MERGE sales.orders USING staging.orders_delta ON orders.order_id = orders_delta.order_id',
      statementType: 'MERGE',
      pendingMs: minutes(dice.between(0, 9)),
      runMs: minutes(dice.between(30, 130)),
      slots: dice.between(20, 90),
      ...reads(dice, dice.between(100, 3_000) * GIB),
    }),
  },
  {
    name: 'dbt_build',
    perDay: 60,
    when: 'night',
    also: [-55, -25],
    draw: (dice) => ({
      projectId: 'shop-analytics',
      ...onReservation(dice.pick('US', 'EU')),
      principal: 'dbt@shop-analytics.iam.gserviceaccount.com',
      query: 'CREATE OR REPLACE TABLE marts.customer_lifetime AS SELECT customer_ssn FROM crm.customers',
      statementType: 'CREATE_TABLE_AS_SELECT',
      runMs: minutes(dice.between(20, 85)),
      slots: dice.between(30, 160),
      ...reads(dice, dice.between(50, 2_000) * GIB),
    }),
  },
  {
    name: 'ml_features',
    perDay: 30,
    when: 'always',
    also: [-100, -40],
    // Its children run one after the other; only the script itself is judged.
    draw: (dice) => ({
      projectId: 'shop-ml',
      location: 'EU',
      principal: 'training@shop-ml.iam.gserviceaccount.com',
      query: 'BEGIN CREATE TEMP TABLE features AS SELECT * FROM crm.visits; CALL ml.train_churn(); END',
      children: [
        {
          ...FEATURE_SLOTS,
          query: 'CREATE TEMP TABLE features AS SELECT * FROM crm.visits',
          statementType: 'CREATE_TABLE_AS_SELECT',
          runMs: minutes(40),
          slots: 30,
        },
        {
          ...FEATURE_SLOTS,
          query: 'CALL ml.train_churn()',
          statementType: 'CALL',
          runMs: minutes(dice.between(60, 150)),
          slots: dice.between(40, 90),
        },
      ],
    }),
  },
  {
    name: 'load_events',
    perDay: 70,
    when: 'always',
    also: [-15],
    draw: (dice) => ({
      projectId: dice.pick('shop-prod', 'shop-finance'),
      location: 'EU',
      principal: 'ingest@shop-prod.iam.gserviceaccount.com',
      type: 'LOAD',
      runMs: minutes(dice.between(3, 70)),
    }),
  },
  {
    name: 'export_ledger',
    perDay: 15,
    when: 'night',
    draw: (dice) => ({
      projectId: 'shop-finance',
      location: 'europe-west2',
      principal: 'export@shop-finance.iam.gserviceaccount.com',
      type: 'EXTRACT',
      runMs: minutes(dice.between(5, 60)),
    }),
  },
  {
    name: 'snapshot',
    perDay: 12,
    when: 'night',
    draw: (dice) => ({
      projectId: 'shop-prod',
      location: 'US',
      principal: 'backup@shop-prod.iam.gserviceaccount.com',
      type: 'COPY',
      runMs: minutes(dice.between(2, 40)),
    }),
  },
];
