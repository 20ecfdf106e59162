import * as z from 'zod';
import { Verb } from './verb.schema.ts';

const Scope = z.object({ verb: Verb, policy: z.string() });
const Cap = z.object({ verb: Verb, cap: z.enum(['project', 'principal', 'history']), of: z.string() });

/** One numbered slot that an act has taken. */
export const Slot = z.object({ scope: z.union([Scope, Cap]), number: z.number(), claimKey: z.string() });
export type Slot = z.infer<typeof Slot>;

/** Which slot a claim has taken. */
export const ClaimSlot = z.object({ number: z.number() });
export type ClaimSlot = z.infer<typeof ClaimSlot>;

/** A breaker that is open. */
export const Trip = z.object({ scope: Scope, atMs: z.number(), why: z.string() });
export type Trip = z.infer<typeof Trip>;
