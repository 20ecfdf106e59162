import { describeFatal } from './log.ts';

/** What the framework loads. Only the function that is deployed is imported. */
const TARGETS = new Map([
  ['cancel', () => import('./cancel.ts')],
  ['retry', () => import('./retry.ts')],
  ['purge', () => import('./purge.ts')],
  ['tick', () => import('./tick.ts')],
]);

const target = process.env['FUNCTION_TARGET'] ?? '';
const load = TARGETS.get(target);
if (!load) {
  const known = [...TARGETS.keys()].join(', ');
  process.stderr.write(`FUNCTION_TARGET is "${target}": expected one of ${known}\n`);
  process.exit(1);
}
try {
  await (await load()).register();
} catch (error) {
  // Not to serve at all is better than to serve wrongly: the platform keeps the old revision.
  process.stderr.write(`${describeFatal(error)}\n`);
  process.exit(1);
}
