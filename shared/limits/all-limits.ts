import { averageSlots } from './average-slots.ts';
import { cost } from './cost.ts';
import { estimatedBytes } from './estimated-bytes.ts';
import type { Limit } from './limit.ts';
import { pending } from './pending.ts';
import { processedBytes } from './processed-bytes.ts';
import { projectedCost } from './projected-cost.ts';
import { runtime } from './runtime.ts';
import { slotTime } from './slot-time.ts';

/** Every limit that this version carries out; the policy file's words under `limit:` are their keys. */
export const ALL_LIMITS: readonly Limit[] = [
  runtime,
  pending,
  slotTime,
  averageSlots,
  estimatedBytes,
  processedBytes,
  cost,
  projectedCost,
];
