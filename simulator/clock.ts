/** The time that a simulator lives on. Nothing in the simulator asks the machine for it. */
export interface SimulatorClock {
  /** Milliseconds since the epoch, a whole number. */
  now(): number;
  /** Resolves after `ms` on this clock; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
