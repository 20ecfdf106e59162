import { createInterface } from 'node:readline';
import type { Terminal } from './terminal.ts';

/**
 * Questions on these streams, answered by a line. An input that ends without one is an empty answer. The terminal
 * itself edits the line, so that Ctrl-C ends the program there as everywhere.
 */
export function askOn(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): NonNullable<Terminal['ask']> {
  return (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input, output, terminal: false });
      const leave = () => {
        output.write('\n');
        resolve('');
      };
      lines.once('close', leave);
      lines.question(`${question} `, (line) => {
        lines.off('close', leave);
        lines.close();
        resolve(line);
      });
    });
}
