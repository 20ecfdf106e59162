import { estimatedBytes } from './estimated-bytes.ts';
import type { Limit } from './limit.ts';
import { pending } from './pending.ts';
import { runtime } from './runtime.ts';
import { slotTime } from './slot-time.ts';

/** Every limit that this version carries out; the policy file's words under `limit:` are their keys. */
export const ALL_LIMITS: readonly Limit[] = [runtime, pending, slotTime, estimatedBytes];
