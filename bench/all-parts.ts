import { crossingPart } from './crossing-part.ts';
import { detectionPart } from './detection/detection-part.ts';
import { eventPart } from './event/event-part.ts';
import type { Part } from './part.ts';
import { retryPart } from './retries/retry-part.ts';
import { shellPart } from './shell-loop/shell-part.ts';
import { sweepPart } from './sweep-part.ts';

/** What the bench answers, in the order of the report and of docs/bench.md. */
export const ALL_PARTS: readonly Part[] = [
  eventPart,
  sweepPart,
  crossingPart,
  shellPart,
  detectionPart,
  retryPart,
];
