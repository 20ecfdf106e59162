import { expect, test } from 'vitest';
import { ROOT, run } from './bq-watchdog.ts';

test("what Google's client says of a machine without a metadata server is noise, other warnings are not", async () => {
  const program = `
    import { quietProcessWarnings } from '${ROOT}cli/process-warnings.ts';
    quietProcessWarnings(process);
    process.emitWarning('no answer', 'MetadataLookupWarning');
    process.emitWarning('mind this', 'OtherWarning');`;
  expect(await run('node', ['--input-type=module', '--eval', program])).toEqual({
    code: 0,
    stdout: '',
    stderr: 'OtherWarning: mind this\n',
  });
});
