import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readSettings } from '../../functions/settings.schema.ts';
import { readTickSettings } from '../../functions/tick-settings.schema.ts';
import { isIn, sourceFiles } from '../../scripts/source-files.ts';
import type { JobsMethod } from '../../shared/bigquery/jobs-api.ts';
import { methodFacts } from '../../shared/bigquery/methods.ts';
import { loggingFilter } from '../cli/logging-filter.ts';
import { describeWherePossible } from '../google/where-possible.ts';
import { entryOf, inserted, startedQuery } from '../job/entries.ts';
import { ROOT } from '../scripts/repository.ts';
import type { Resource } from './applied.schema.ts';
import { appliedByRun } from './applied.ts';
import { foundTerraform, TERRAFORM } from './found-terraform.ts';
import { functionsOf, RULES, valuesOf } from './rules.ts';

const ROLE = z.object({ role_id: z.string(), permissions: z.array(z.string()) });

/** What each verb calls as itself. `retry` inserts as the account whose job it was. */
const CALLS: Readonly<Record<string, readonly JobsMethod[]>> = {
  watchdogCancel: ['get', 'list', 'cancel'],
  watchdogRetry: ['get', 'list'],
  watchdogPurge: ['get', 'list', 'delete'],
};

/** [bigquery-facts: Permissions]: `jobs.list` wants its own besides the one for the jobs of everybody. */
const ALSO: readonly string[] = ['bigquery.jobs.list'];

describeWherePossible('what Terraform sets up, with Google’s answers mocked', foundTerraform, () => {
  const RUNS = ['projects', 'organisation', 'folder', 'cancel_alone'];
  let applied: ReadonlyMap<string, readonly Resource[]> = new Map();
  beforeAll(async () => {
    applied = await appliedByRun();
  });
  const resourcesOf = (run: string): readonly Resource[] => {
    const resources = applied.get(run) ?? [];
    expect(resources.length).toBeGreaterThan(30);
    return resources;
  };

  describe.for(RUNS)('%s', (run) => {
    test.for(RULES)('$title', ({ faults }) => {
      expect(faults(resourcesOf(run))).toEqual([]);
    });

    test('each verb holds the permissions of its own calls, and no other', () => {
      const resources = resourcesOf(run);
      const roles = ['google_project_iam_custom_role', 'google_organization_iam_custom_role'].flatMap(
        (type) => valuesOf(resources, type, ROLE),
      );
      expect(roles.length).toBeGreaterThan(0);
      for (const { role_id, permissions } of roles) {
        const called = (CALLS[role_id] ?? []).map((method) => methodFacts(method).permission);
        expect({ role_id, permissions: permissions.toSorted() }).toEqual({
          role_id,
          permissions: [...called, ...ALSO].toSorted(),
        });
      }
    });

    test('functions get settings that they take, and share the quota of their account', () => {
      for (const { name, service_config: config } of functionsOf(resourcesOf(run))) {
        const [{ environment_variables: environment, max_instance_count, timeout_seconds }] = config;
        if (name === 'watchdog-tick') {
          expect(readTickSettings(environment).sweepTopics.size).toBeGreaterThan(0);
        } else {
          const settings = readSettings(environment);
          expect(settings).toMatchObject({
            maxInstances: max_instance_count,
            timeoutMs: timeout_seconds * 1_000,
            alertsTopic: 'projects/my-watchdog/topics/watchdog-alerts',
            ledger: { kind: 'firestore', database: 'watchdog' },
          });
          expect(settings.sweepTopics.get(z.enum(['cancel', 'retry', 'purge']).parse(name.slice(9)))).toBe(
            `projects/my-watchdog/topics/${name}`,
          );
        }
      }
    });
  });

  test.for(['organisation', 'folder'])('the sinks of the %s let through watched projects alone', (run) => {
    const kind = run === 'folder' ? 'folder' : 'organization';
    const sinks = valuesOf(
      resourcesOf(run),
      `google_logging_${kind}_sink`,
      z.object({ name: z.string(), filter: z.string(), include_children: z.literal(true) }),
    );
    const lets = loggingFilter(sinks.find(({ name }) => name === 'watchdog-cancel')?.filter ?? '');
    const started = (project: string): unknown => entryOf({ project, metadata: inserted(startedQuery) });
    expect(sinks).toHaveLength(3);
    expect([lets(started('shop-prod')), lets(started('shop-lab'))]).toEqual([true, false]);
  });

  test('each metric of log lines asks for a message that a function logs', () => {
    const metrics = valuesOf(
      resourcesOf('projects'),
      'google_logging_metric',
      z.object({ name: z.string(), filter: z.string() }),
    );
    const code = sourceFiles(ROOT)
      .filter(({ path }) => isIn(path, ['functions', 'shared']))
      .map(({ text }) => text)
      .join('\n');
    const asked = metrics.flatMap(({ filter }) => {
      const messages = /jsonPayload\.message=(.*)$/.exec(filter)?.[1] ?? '';
      return [...messages.matchAll(/"([^"]+)"/g)].map(([, message = '']) => message);
    });
    expect(asked).toHaveLength(5);
    expect(asked.filter((message) => !new RegExp(`log\\.\\w+\\('${message}'`).test(code))).toEqual([]);
  });

  test('each alert policy reads a metric that there is, and tells whoever is named', () => {
    const resources = resourcesOf('projects');
    const names = valuesOf(resources, 'google_logging_metric', z.object({ name: z.string() })).map(
      ({ name }) => name,
    );
    const policies = valuesOf(
      resources,
      'google_monitoring_alert_policy',
      z.object({
        display_name: z.string(),
        notification_channels: z.array(z.string()).length(1),
        conditions: z.tuple([z.object({ condition_threshold: z.tuple([z.object({ filter: z.string() })]) })]),
      }),
    );
    expect(policies.map(({ display_name }) => display_name).toSorted()).toEqual([
      'watchdog: alerts-waiting',
      'watchdog: breaker-tripped',
      'watchdog: dead-letter',
      'watchdog: errors',
      'watchdog: not-ticking cancel',
      'watchdog: not-ticking purge',
      'watchdog: not-ticking retry',
      'watchdog: policy-refused',
      'watchdog: sent-in-vain',
    ]);
    for (const { conditions } of policies) {
      const { filter } = conditions[0].condition_threshold[0];
      const own = /googleapis\.com\/user\/([^"]+)"/.exec(filter)?.[1];
      expect([...names, undefined]).toContain(own);
    }
  });

  test('a verb that is off leaves nothing behind', () => {
    expect(
      resourcesOf('cancel_alone')
        .map(({ address }) => address)
        // The ledger is the same for all verbs: one that is switched on later finds its collections set up.
        .filter((address) => !address.startsWith('module.ledger.'))
        .filter((address) => /retry|purge|history|holds|iamcredentials/.test(address)),
    ).toEqual([]);
  });
});

test('the table of alerts has the columns that docs/alerts.md makes by hand', () => {
  const columns = z
    .array(z.object({ name: z.string(), type: z.string() }))
    .parse(JSON.parse(readFileSync(join(TERRAFORM, 'modules/alerts/columns.json'), 'utf8')));
  const told = readFileSync(join(TERRAFORM, '../docs/alerts.md'), 'utf8');
  expect(columns.map(({ name, type }) => `${name}:${type}`).join(',')).toBe(
    /bq mk --table \S+ (\S+)/.exec(told)?.[1],
  );
});
