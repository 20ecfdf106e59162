import { expect, test } from 'vitest';
import { printChanges, shownChanges } from '../../cli/change-view.ts';
import type { JsonObject } from '../../shared/retry/json.ts';
import { sanitize } from '../../shared/retry/sanitize.ts';

const MARKER = 'marker of a secret query';
const ROOT = { projectId: 'shop', location: 'EU', jobId: 'nightly' };

/** The changes of a job with this configuration, and how they are printed. */
function changesOf(configuration: JsonObject, statementType = 'SELECT') {
  const before: JsonObject = {
    kind: 'bigquery#job',
    etag: MARKER,
    user_email: MARKER,
    jobReference: ROOT,
    configuration,
    statistics: { query: { statementType } },
    status: { errorResult: { message: MARKER } },
  };
  const request = { resource: before, attemptId: 'nightly_wdr2_0', origin: ROOT, attempt: 2 };
  const sanitized = sanitize({ ...request, guards: {}, nowMs: 0 });
  if (sanitized.kind === 'refused') throw new Error(sanitized.sentence);
  const shown = shownChanges(sanitized.changes, before, sanitized.body);
  return { shown, text: printChanges(shown) };
}

const ANONYMOUS = { projectId: 'shop', datasetId: `_${'0a'.repeat(20)}`, tableId: 'anon1' };

test('what is left out for one reason stands on one line, with names and words of BigQuery', () => {
  const { text } = changesOf({
    jobType: 'QUERY',
    query: { query: MARKER, destinationTable: ANONYMOUS, writeDisposition: 'WRITE_TRUNCATE' },
  });
  expect(text.split('\n')).toEqual([
    '  set      jobReference.jobId (nightly_wdr2_0; was nightly): an id is used once',
    '  removed  etag, kind, statistics, status, user_email, configuration.jobType (QUERY): BigQuery writes it and takes it from nobody',
    `  removed  configuration.query.destinationTable (shop.${ANONYMOUS.datasetId}.anon1), configuration.query.writeDisposition (WRITE_TRUNCATE): it was the anonymous table of the old run, which BigQuery filled in`,
    '  added    configuration.labels.bq-watchdog-origin (nightly), configuration.labels.bq-watchdog-attempt (2): it tells people that the job is a retry, and of what',
  ]);
});

test('no value is shown where the text of a job may stand', () => {
  const { shown, text } = changesOf(
    {
      jobType: MARKER,
      labels: { 'bq-watchdog-origin': MARKER },
      query: {
        query: MARKER,
        systemVariables: { values: { a: MARKER } },
        destinationTable: { ...ANONYMOUS, tableId: MARKER },
        createDisposition: MARKER,
        writeDisposition: MARKER,
      },
    },
    'INSERT',
  );
  expect(shown.map(({ path }) => path)).toContain('configuration.query.systemVariables');
  expect(`${text} ${JSON.stringify(shown)}`).not.toContain(MARKER);
});
