import { eventPart } from './event/event-part.ts';
import type { Part } from './part.ts';

/** What the bench answers, in the order of the report and of docs/bench.md. */
export const ALL_PARTS: readonly Part[] = [eventPart];
