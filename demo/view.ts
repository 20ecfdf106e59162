import type { Alert } from '../shared/alert/alert.schema.ts';
import type { Job } from '../shared/job/job.ts';
import type { Policies } from '../shared/policy/policy.ts';
import type { Money } from './money.ts';

export interface Opening {
  readonly seed: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** How much faster than life the day passes. */
  readonly speed: number;
}

/** The day at one moment. */
export interface Frame {
  readonly nowMs: number;
  /** How much of the run is over, from 0 to 1. */
  readonly part: number;
  /** Pending and running. */
  readonly unfinished: readonly Job[];
  readonly policies: Policies;
  readonly money: Money;
}

/** How a run is shown. */
export interface View {
  opened(opening: Opening): void;
  told(alert: Alert): void;
  /** Called several times a second where there is one. */
  drawn?(frame: Frame): void;
  closed(summary: string): void;
}
