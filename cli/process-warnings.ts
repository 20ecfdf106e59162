/** What Google's client says of a machine that is none of Google's: that it looked for an account there. */
const NOISE = 'MetadataLookupWarning';

/**
 * Warnings of the process go to stderr as Node writes them, but for the one that only repeats what the command
 * itself says more plainly: that there are no credentials.
 */
export function quietProcessWarnings(process: NodeJS.Process): void {
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    if (name !== NOISE) process.stderr.write(`${name}: ${message}\n`);
  });
}
