import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkConfiguration } from '../../scripts/terraform/checks.ts';
import { ProviderSchema } from '../../scripts/terraform/provider-schema.schema.ts';
import { openTerraform } from '../../scripts/terraform/terraform.ts';
import { usedTypes } from '../../scripts/terraform/used-types.ts';
import { describeWherePossible } from '../google/where-possible.ts';
import { ROOT, repository, runScript } from '../scripts/repository.ts';
import { foundTerraform, SCHEMA, TERRAFORM } from './found-terraform.ts';

const TOPIC = `resource "google_pubsub_topic" "jobs" {
  name = "jobs"
}
`;
const WHOLE = {
  'main.tf': TOPIC,
  'examples/one/main.tf': 'module "one" {\n  source = "../.."\n}\n',
  'tests/it.tftest.hcl': 'mock_provider "google" {}\n\nrun "it" {\n}\n',
};

test('terraform/provider-schema.json has the types that the configuration uses, and no other', () => {
  const { resources, dataSources } = ProviderSchema.parse(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  expect({ resources: Object.keys(resources).sort(), dataSources: Object.keys(dataSources).sort() }).toEqual(
    usedTypes(TERRAFORM),
  );
});

describeWherePossible('the check of a Terraform configuration, by the real terraform', foundTerraform, () => {
  const cases: readonly { title: string; files: Record<string, string>; says: string }[] = [
    {
      title: 'a misspelled attribute',
      files: { 'main.tf': TOPIC.replace('name ', 'nam ') },
      says: 'An argument named "nam" is not expected here',
    },
    {
      title: 'a missing argument',
      files: { 'main.tf': 'resource "google_pubsub_topic" "jobs" {\n}\n' },
      says: 'The argument "name" is required',
    },
    {
      title: 'a missing block',
      files: {
        'main.tf': `${TOPIC}\nresource "google_firestore_index" "one" {\n  collection = "claims"\n}\n`,
      },
      says: 'At least 1 "fields" blocks are required',
    },
    {
      title: 'a reference to nothing',
      files: { 'main.tf': TOPIC.replace('"jobs"\n', 'google_pubsub_topic.other.name\n') },
      says: 'Reference to undeclared resource',
    },
    {
      title: 'a reference to an attribute that its resource has not',
      files: { 'main.tf': `${TOPIC}\noutput "topic" {\n  value = google_pubsub_topic.jobs.adress\n}\n` },
      says: 'This object has no argument, nested block, or exported attribute named',
    },
    {
      title: 'an example that is not valid, though the root is',
      files: { 'examples/one/main.tf': 'module "one" {\n  source = "../.."\n  name   = "one"\n}\n' },
      says: 'An argument named "name" is not expected here',
    },
    {
      title: 'a test that fails',
      files: {
        'tests/it.tftest.hcl': `${WHOLE['tests/it.tftest.hcl'].replace('{\n}\n', '{')}
  assert {
    condition     = google_pubsub_topic.jobs.name == "others"
    error_message = "it is another topic"
  }
}
`,
      },
      says: 'it is another topic',
    },
    {
      title: 'a file that is not formatted',
      files: { 'main.tf': TOPIC.replace('  name', ' name') },
      says: '-  name = "jobs"',
    },
  ];
  const check = async (files: Record<string, string>): Promise<string> => {
    const terraform = await openTerraform(SCHEMA, process.env);
    const checked = await checkConfiguration(repository({ ...WHOLE, ...files }), terraform);
    terraform.close();
    return checked.map(({ fault }) => fault ?? '').join('\n');
  };

  test('finds nothing in one that is whole', async () => {
    expect((await check({})).trim()).toBe('');
  });

  test.for(cases)('finds $title', async ({ files, says }) => {
    expect((await check(files)).replace(/\s+/g, ' ')).toContain(says.replace(/\s+/g, ' '));
  });
});

test.for([
  { ci: 'false', code: 0 },
  { ci: 'true', code: 1 },
])('without terraform it is skipped by name, with exit code $code where CI is $ci', async ({ ci, code }) => {
  const ran = await runScript('check-terraform.ts', [ROOT], { CI: ci, PATH: join(ROOT, 'docs') });
  expect(ran.lines.join()).toMatch(/^terraform: SKIPPED, no terraform on the PATH; expected/);
  expect(ran.code).toBe(code);
});
