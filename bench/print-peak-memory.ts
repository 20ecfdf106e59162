import { getHeapStatistics } from 'node:v8';

/**
 * Loaded into a function's process by `node --import`: asked by a signal, it prints the most memory that the
 * process ever held. Only the process itself can tell, on every system alike.
 */
process.on('SIGUSR2', () => {
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(
    `peak-memory-kib=${maxRSS} heap-limit-kib=${getHeapStatistics().heap_size_limit >> 10}\n`,
  );
});
