import type { JobScript } from '../simulator/job-script.ts';
import type { Dice } from './dice.ts';

/** What the day decides for a job itself. */
export type Drawn = Omit<JobScript, 'jobId' | 'createdAtMs'>;

/** One kind of job of the day: how many there are, when, and what they are like. */
export interface Kind {
  /** The ids of its jobs begin with it. */
  readonly name: string;
  /** How many, about: spread over the day by chance. */
  readonly perDay: number;
  readonly when: 'office-hours' | 'night' | 'always';
  /** Further ones, in minutes after the day's start, so that something happens early. Negative: it is there already. */
  readonly also?: readonly number[];
  /** How often a job fails before it succeeds, of those that fail; every time, where it is not said. */
  readonly failures?: number;
  draw(dice: Dice): Drawn;
}

export const PROJECTS = ['shop-prod', 'shop-analytics', 'shop-ml', 'shop-finance'] as const;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const GIB = 2 ** 30;
export const TIB = 2 ** 40;

/** Whole milliseconds. */
export function minutes(amount: number): number {
  return Math.round(amount * MINUTE_MS);
}

/** Of an estimate, which is an upper bound, more or less is read in the end [bigquery-facts: Jobs API]. */
export function reads(dice: Dice, estimatedBytes: number): Pick<Drawn, 'estimatedBytes' | 'bytesProcessed'> {
  const estimate = Math.round(estimatedBytes);
  return { estimatedBytes: estimate, bytesProcessed: Math.round(estimate * dice.between(0.3, 1)) };
}

/** Slots that were bought, where pipelines run: their jobs are charged for slot time, not for bytes. */
export function onReservation(
  location: string,
): Pick<Drawn, 'reservation' | 'edition'> & { readonly location: string } {
  return { location, reservation: `shop-admin:${location}.pipelines`, edition: 'ENTERPRISE' };
}

/** What an analyst runs by hand, before anything goes wrong with it. */
export function analystQuery(dice: Dice): Drawn {
  return {
    ...dice.pick(
      { projectId: 'shop-analytics', location: 'US' },
      { projectId: 'shop-finance', location: 'europe-west2' },
      { projectId: 'shop-ml', location: 'EU' },
    ),
    principal: dice.pick('ana@example.com', 'ben@example.com', 'chen@example.com', 'dora@example.com'),
    type: 'QUERY',
    priority: 'INTERACTIVE',
    query:
      "SELECT email, card_number FROM crm.customers WHERE email LIKE '%@customer.example' ORDER BY RAND()",
    statementType: 'SELECT',
    labels: { tool: 'notebook' },
    slots: dice.between(20, 150),
    ...reads(dice, dice.between(20, 900) * GIB),
    pendingMs: Math.round(dice.between(500, 20_000)),
  };
}
