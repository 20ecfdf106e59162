import type { FaultPlan, SimulatorMethod } from '../simulator/faults.ts';

/** Faults of a simulator whose every call takes so long, and is counted by its method. */
export function countedCalls(callMs: number): {
  readonly faults: FaultPlan;
  readonly calls: Map<SimulatorMethod, number>;
} {
  const calls = new Map<SimulatorMethod, number>();
  const faults: FaultPlan = ({ method }) => {
    calls.set(method, (calls.get(method) ?? 0) + 1);
    return { kind: 'slow', ms: callMs };
  };
  return { faults, calls };
}
