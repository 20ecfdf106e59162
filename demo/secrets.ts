import { analystQuery, GIB, type Kind, minutes, onReservation, reads } from './kind.ts';

/** No key of anybody's: it only has the form of one. */
const KEY = 'AKIA'.concat('Q7ZJ4M2XVTN5PLRK');

/** What should not be kept of the day's jobs: somebody wrote it into a query, or the tables say so. */
export const SECRETS: readonly Kind[] = [
  {
    // A key in an export, sent every few hours by a machine.
    name: 'hardcoded_key',
    perDay: 5,
    when: 'always',
    also: [-6, 8],
    draw: (dice) => ({
      projectId: 'shop-prod',
      ...onReservation('US'),
      principal: 'etl@shop-prod.iam.gserviceaccount.com',
      query: `EXPORT DATA OPTIONS (uri = 's3://partner/*.csv', access_key = '${KEY}') AS SELECT * FROM sales.feed`,
      statementType: 'EXPORT_DATA',
      runMs: minutes(dice.between(4, 12)),
      slots: dice.between(5, 30),
      ...reads(dice, dice.between(5, 40) * GIB),
    }),
  },
  {
    // Somebody looks a customer up by the number of a card.
    name: 'card_lookup',
    perDay: 8,
    when: 'office-hours',
    also: [-9, 6],
    draw: (dice) => ({
      ...analystQuery(dice),
      query: "SELECT order_id FROM crm.payments WHERE card_number = '4111 1111 1111 1111'",
      runMs: minutes(dice.between(0.5, 3)),
    }),
  },
  {
    // A script: only one of its steps holds a secret, and all of it goes.
    name: 'load_partner',
    perDay: 3,
    when: 'always',
    also: [-3, 12],
    draw: (dice) => ({
      projectId: 'shop-finance',
      location: 'EU',
      principal: 'ingest@shop-prod.iam.gserviceaccount.com',
      query: 'CALL partner.load(); CALL partner.check();',
      statementType: 'SCRIPT',
      children: [
        {
          query: "CALL partner.load('https://feed:S3c-r3t-41x@partner.example/daily')",
          runMs: minutes(dice.between(2, 6)),
        },
        { query: 'SELECT COUNT(*) FROM partner.daily', runMs: minutes(1) },
      ],
    }),
  },
  {
    // About people's pay, whatever its text says.
    name: 'payroll',
    perDay: 4,
    when: 'office-hours',
    also: [-15],
    draw: (dice) => ({
      projectId: 'shop-finance',
      location: 'europe-west2',
      principal: 'dora@example.com',
      priority: 'INTERACTIVE',
      query: 'SELECT team, AVG(salary_cents) FROM hr_payroll.salaries GROUP BY team',
      statementType: 'SELECT',
      referencedTables: [{ projectId: 'shop-finance', datasetId: 'hr_payroll', tableId: 'salaries' }],
      runMs: minutes(dice.between(0.5, 4)),
      slots: dice.between(5, 30),
      ...reads(dice, dice.between(1, 5) * GIB),
    }),
  },
];
