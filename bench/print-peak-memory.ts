/**
 * Loaded into a function's process by `node --import`: asked by a signal, it prints the most memory that the
 * process ever held. Only the process itself can tell, on every system alike.
 */
process.on('SIGUSR2', () => {
  process.stdout.write(`peak-memory-kib=${process.resourceUsage().maxRSS}\n`);
});
