import { setTimeout } from 'node:timers/promises';
import type { World } from './runtime.ts';

/** The world as this machine has it: its clock, its randomness, its environment, its stdout. */
export const machine: World = {
  clock: {
    now: () => Date.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }),
  },
  random: Math.random,
  environment: process.env,
  writeLine: (line) => void process.stdout.write(line),
};
