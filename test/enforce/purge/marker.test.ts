import { expect, test } from 'vitest';
import { SqliteStore } from '../../../shared/ledger/sqlite-store.ts';
import { openLedger } from '../../../shared/ledger/stored-ledger.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import { VirtualClock } from '../../../simulator/virtual-clock.ts';
import { end, HOUR_MS, holding, KEY, MINUTE_MS, openPurging, purgePolicy, START_MS } from './purging.ts';

const MARKER = 'hushmarkerhush';
const POLICIES = purgePolicy()
  .replace('principals: ["*@example.com"]', `patterns: { marked: '${MARKER}' }`)
  .replace('afterFailure: 24h', 'afterFailure: 15m');
const STRUCT = { parameterType: { type: 'STRING' }, parameterValue: { value: MARKER } };

/** A text of each kind that a job may have. */
const TEXTS: Readonly<Record<string, Partial<JobScript>>> = {
  query: { query: `SELECT '${MARKER}'` },
  'error message': { error: { reason: 'invalidQuery', message: `no ${MARKER}` } },
  'further error': {
    error: { reason: 'invalidQuery', message: 'no' },
    moreErrors: [{ reason: 'invalid', message: MARKER }],
  },
  parameter: { query: 'SELECT ?', configuration: { queryParameters: [STRUCT] } },
  'named parameter': { query: 'SELECT @a', configuration: { queryParameters: [{ ...STRUCT, name: 'a' }] } },
  'source uri': { type: 'LOAD', sourceUris: [`gs://bucket/${MARKER}`] },
  'schema description': {
    type: 'LOAD',
    configuration: { schema: { fields: [{ name: 'a', type: 'STRING', description: MARKER }] } },
  },
  'destination uri': { type: 'EXTRACT', destinationUris: [`gs://bucket/${MARKER}`] },
  'function text': { configuration: { userDefinedFunctionResources: [{ inlineCode: MARKER }] } },
  'query of a child': { children: [{ query: `SELECT '${MARKER}'` }] },
  'external table': {
    configuration: {
      tableDefinitions: { ext: { sourceUris: [`gs://b/${MARKER}`], sourceFormat: 'CSV' } },
    },
  },
};

test.each(Object.keys(TEXTS))(
  'a marker in the %s is found, and stands in no alert, row or line',
  async (which) => {
    const clock = new VirtualClock(START_MS);
    const store = new SqliteStore({ path: ':memory:', clock });
    const written: unknown[] = [];
    const write = store.write.bind(store);
    store.write = async (writes) => {
      written.push(writes);
      return write(writes);
    };
    const ledger = openLedger(store, clock);
    const purging = await openPurging({ policies: POLICIES, redactionKey: KEY, clock, ledger });
    // The policy's own text is the owner's, and is kept.
    written.length = 0;
    end(purging, { createdAtMs: START_MS - HOUR_MS, ...TEXTS[which] });
    purging.simulator.setWithheld([{ permissions: ['bigquery.jobs.delete'] }]);
    purging.setHolds(holding('job'));
    await purging.follow();
    purging.setHolds('version: 1\nholds: []\n');
    await purging.pass(HOUR_MS);
    purging.simulator.setWithheld();
    purging.simulator.applyFaultSettings({
      rules: [{ methods: ['delete'], fault: { kind: 'unavailable' }, times: 3 }],
    });
    await purging.pass(30 * MINUTE_MS);
    expect(purging.told()).toEqual([
      'observed held',
      'could-not-purge permission-missing',
      'purging',
      'purged',
    ]);
    const { found } = (await purging.claim())?.purge ?? {};
    expect(found?.length).toBeGreaterThan(0);
    for (const { hash } of found ?? []) expect(hash).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
    const all = JSON.stringify([written, purging.alerts, purging.lines]);
    expect(all.length).toBeGreaterThan(1_000);
    expect(all).not.toContain(MARKER);
  },
);
