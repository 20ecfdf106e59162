import { describe, expect, test } from 'vitest';
import { OUTPUT_ONLY, withoutOutputOnly } from '../../shared/retry/output-only.ts';
import { sdkDiscovery } from '../simulator/discovery.ts';

const discovery = sdkDiscovery();
const title =
  discovery === undefined
    ? 'the discovery document: SKIPPED, there is no Google Cloud SDK here'
    : `the discovery document, revision ${discovery.revision}`;

describe.skipIf(discovery === undefined)(title, () => {
  test('marks the fields of a Job as output-only that the table has, and no others', () => {
    expect(discovery?.outputOnly('Job').toSorted()).toEqual([...OUTPUT_ONLY].toSorted());
  });
});

test('everything that BigQuery alone writes goes, wherever it stands, and nothing else', () => {
  const given = {
    kind: 'bigquery#job',
    etag: 'e',
    id: 'shop:US.job',
    selfLink: 'https://…',
    user_email: 'etl@shop.iam.gserviceaccount.com',
    principal_subject: 'serviceAccount:etl@shop.iam.gserviceaccount.com',
    jobCreationReason: { code: 'REQUESTED' },
    statistics: { creationTime: '1' },
    status: { state: 'DONE' },
    state: 'DONE',
    errorResult: { reason: 'backendError' },
    jobReference: { projectId: 'shop', jobId: 'job', location: 'US' },
    somethingNew: { status: 1 },
    configuration: {
      jobType: 'QUERY',
      load: { hivePartitioningOptions: { mode: 'AUTO', fields: ['day'] } },
      query: {
        systemVariables: { types: {} },
        tableDefinitions: {
          one: { hivePartitioningOptions: { mode: 'AUTO', fields: ['day'] } },
          two: { schema: { fields: [{ name: 'id' }] } },
        },
        status: 'a field that only sounds like one',
      },
    },
  };
  const { object, changes } = withoutOutputOnly(given);
  expect(object).toEqual({
    jobReference: given.jobReference,
    somethingNew: { status: 1 },
    configuration: {
      load: { hivePartitioningOptions: { mode: 'AUTO' } },
      query: {
        tableDefinitions: {
          one: { hivePartitioningOptions: { mode: 'AUTO' } },
          two: { schema: { fields: [{ name: 'id' }] } },
        },
        status: 'a field that only sounds like one',
      },
    },
  });
  expect(changes.map(({ path }) => path)).toEqual([...OUTPUT_ONLY, 'state', 'errorResult']);
});

test('a resource without such fields is left as it is', () => {
  const given = { configuration: { query: { query: 'SELECT 1' } } };
  expect(withoutOutputOnly(given)).toEqual({ object: given, changes: [] });
});
