#!/usr/bin/env node
import { userInfo } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { askOn } from './ask-on.ts';
import { quietProcessWarnings } from './process-warnings.ts';
import { runProgram } from './program.ts';

quietProcessWarnings(process);

// Who reads our output may stop early, as `head` does.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** Back to the start of the line, and what stood there is gone. */
const ERASE_LINE = '\r\u001b[K';

/** A user id without an entry in the system's list has no name. */
function nameOfUser(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

const code = await runProgram(process.argv.slice(2), {
  clock: {
    now: () => Date.now(),
    sleep: (ms, signal) => setTimeout(ms, undefined, signal && { signal }),
  },
  random: Math.random,
  environment: process.env,
  user: nameOfUser(),
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  ...(process.stderr.isTTY && {
    progress: (line: string) => void process.stderr.write(`${ERASE_LINE}${line}`),
  }),
  ...(process.stdin.isTTY && process.stderr.isTTY && { ask: askOn(process.stdin, process.stderr) }),
});

/** Resolves when everything was handed on, or nobody wants it. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}

// A client may still be trying what nobody waits for any more, and would keep the process for a while.
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
