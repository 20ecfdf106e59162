import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { ALL_COMMANDS } from '../../cli/commands/all-commands.ts';
import { readSettings, WatchEnvironment } from '../../functions/settings.schema.ts';
import { readTickSettings } from '../../functions/tick-settings.schema.ts';
import { alertSchema } from '../../scripts/alert-schema.ts';
import { LAYERS } from '../../scripts/import-table.ts';
import { Package } from '../../scripts/package.schema.ts';
import { ALL_RULES } from '../../scripts/rules/all-rules.ts';
import { JobAlert, JobAlertData, JobStep, SystemAlert } from '../../shared/alert/alert.schema.ts';
import { toBinaryMode } from '../../shared/alert/binary-mode.ts';
import { jobAlert } from '../../shared/alert/job-alert.ts';
import { ALL_DETECTORS } from '../../shared/sensitive/detectors/all-detectors.ts';
import { BREAKS } from '../worlds/breaks/all-breaks.ts';
import { INVARIANTS } from '../worlds/invariants/all.ts';
import { ROOT } from './repository.ts';

const Indexes = z.object({
  indexes: z.array(
    z.object({ collectionGroup: z.string(), fields: z.array(z.object({ fieldPath: z.string() })) }),
  ),
  fieldOverrides: z.array(
    z.object({
      collectionGroup: z.string(),
      fieldPath: z.string(),
      ttl: z.boolean().optional(),
      indexes: z.array(z.unknown()),
    }),
  ),
});

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The first cells of a document's table rows that are code. */
function firstCells(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell ?? '');
}

/** The part of a document under one heading. */
function section(markdown: string, heading: string): string {
  return markdown.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
}

describe('docs/dependencies.md has a line for each dependency, and no other', () => {
  const { dependencies, devDependencies } = Package.parse(JSON.parse(read('package.json')));
  const [product, development] = [dependencies, devDependencies].map((all) => Object.keys(all).sort());
  test.for([
    { heading: 'What the product runs on', names: product },
    { heading: 'What it is built and tested with', names: development },
  ])('$heading', ({ heading, names }) => {
    expect(firstCells(section(read('docs/dependencies.md'), heading)).toSorted()).toEqual(names);
  });
});

test('docs/settings.md tells every setting of the schema, and no other', () => {
  const told = read('docs/settings.md');
  const ofClients = ['FIRESTORE_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'];
  const settings = firstCells(told).filter((cell) => /^[A-Z_]+$/.test(cell));
  const named = settings.filter((name) => !ofClients.includes(name));
  expect(named.toSorted()).toEqual(Object.keys(WatchEnvironment.shape).sort());
});

test('docs/sensitive.md tells every detector, and no other', () => {
  const told = firstCells(section(read('docs/sensitive.md'), 'The detectors'));
  expect(told).toEqual(ALL_DETECTORS.map(({ name }) => name));
});

describe('docs/alerts.md', () => {
  const told = read('docs/alerts.md');
  const example: unknown = JSON.parse(/```json\n(.*?)```/s.exec(told)?.[1] ?? '');

  test('its example is an alert', () => {
    const parsed = JobAlert.safeParse(example);
    expect(parsed.error?.issues).toBeUndefined();
  });

  test('tells every attribute that a message has', () => {
    const { attributes } = toBinaryMode(JobAlert.parse(example));
    expect(firstCells(section(told, 'In Pub/Sub')).toSorted()).toEqual(Object.keys(attributes).sort());
  });

  test('tells every step with its severity', () => {
    const rows = [...section(told, 'About a job').matchAll(/^\| `([\w-]+)` \| ([A-Z]+) \|/gm)];
    const finding = { policy: 'p', action: 'cancel', mode: 'enforce' } as const;
    const job = { name: { projectId: 'shop', jobId: 'j' }, state: 'RUNNING' } as const;
    expect(rows.map(([, step, severity]) => ({ step, severity }))).toEqual(
      JobStep.options.map((step) => ({
        step,
        severity: jobAlert({ step, job, finding, sentence: '', atMs: 0 }).severity,
      })),
    );
  });

  test('tells every reason why nothing was done', () => {
    const steps: readonly string[] = JobStep.options;
    const reasons = firstCells(section(told, 'About a job')).filter((cell) => !steps.includes(cell));
    expect(reasons).toEqual(JobAlertData.shape.because.unwrap().options);
  });

  test('tells every alert about the watchdog', () => {
    expect(firstCells(section(told, 'About the watchdog'))).toEqual(SystemAlert.shape.type.options);
  });
});

test('docs/alert.schema.json is what scripts/write-alert-schema.ts writes', () => {
  expect(read('docs/alert.schema.json')).toBe(alertSchema());
});

test('docs/cli.md tells every command with its options', () => {
  const told = read('docs/cli.md');
  const program = new Command();
  for (const define of ALL_COMMANDS) define(program, async () => undefined);
  const leaves = (command: Command, name: string): [string, Command][] =>
    command.commands.length === 0
      ? [[name, command]]
      : command.commands.flatMap((inner) => leaves(inner, `${name} ${inner.name()}`.trim()));
  const commands = leaves(program, '');
  expect(commands.length).toBeGreaterThan(3);
  for (const [name, command] of commands) {
    expect(told).toContain(`\nbq-watchdog ${name}`);
    for (const { long } of command.options) {
      expect(long === '--format' ? told : section(told, name)).toContain(`\`${long}`);
    }
  }
});

describe('docs/deploy.md', () => {
  const told = read('docs/deploy.md');

  test('makes every index and time to live that the ledger needs, and leaves out what nobody asks for', () => {
    const { indexes, fieldOverrides } = Indexes.parse(JSON.parse(read('firestore.indexes.json')));
    const short = (collection: string): string => collection.replace(/^watchdog-/, '');
    const pairs = indexes.map(({ collectionGroup, fields }) => {
      expect(fields[0]?.fieldPath).toBe('group');
      return `${short(collectionGroup)}:${fields[1]?.fieldPath}`;
    });
    expect(/^for pair in (.*); do$/m.exec(told)?.[1]?.split(' ')).toEqual(pairs);
    const expiring = fieldOverrides.filter(({ ttl }) => ttl === true);
    const loops = [...told.matchAll(/^for name in (.*); do\n((?: {2}.*\n)+)done$/gm)].map(
      ([, names = '', body = '']) => ({ names: names.split(' '), body }),
    );
    const namesOf = (command: string) =>
      loops.flatMap(({ names, body }) => (body.includes(`gcloud firestore ${command} --data`) ? names : []));
    expect(namesOf('fields ttls update expiresAt')).toEqual(
      expiring.map(({ collectionGroup }) => short(collectionGroup)),
    );
    for (const field of ['expiresAt', 'body']) {
      const exempt = fieldOverrides.filter(({ fieldPath }) => fieldPath === field);
      expect(exempt.every(({ indexes }) => indexes.length === 0)).toBe(true);
      expect(namesOf(`indexes fields update ${field}`)).toEqual(
        exempt.map(({ collectionGroup }) => short(collectionGroup)),
      );
    }
  });

  test('gives each topic of step 5 a subscription, for a topic keeps nothing for whom subscribes later', () => {
    const topics =
      /^for name in (.*); do gcloud pubsub topics create \$name/m.exec(told)?.[1]?.split(' ') ?? [];
    expect(topics).toHaveLength(4);
    const [, verbs = ''] =
      /^for verb in (.*); do\n(?: {2}.*\n)*? {2}.*subscriptions create/m.exec(told) ?? [];
    const subscribed = [...told.matchAll(/subscriptions create \S+ --topic=(\S+)/g)].flatMap(
      ([, topic = '']) => verbs.split(' ').map((verb) => topic.replace('$verb', verb)),
    );
    expect(subscribed).toEqual(expect.arrayContaining(topics));
  });

  test('deploys functions whose main file the package names, where the build looks for it', () => {
    const { main } = z.object({ main: z.string() }).parse(JSON.parse(read('package.json')));
    expect(read('package.json')).toContain(`functions-framework --source=${main}`);
    expect(read(main)).toContain('FUNCTION_TARGET');
  });

  test('gives the functions settings that they take', () => {
    const environments = [...told.matchAll(/^cat > (\w+)\.env\.yaml <<END\n(.*?)^END$/gms)];
    expect(environments.map(([, name]) => name)).toEqual(['cancel', 'tick']);
    for (const [, name, lines = ''] of environments) {
      const filled = lines.replaceAll('$PROJECT', 'my-watchdog').replaceAll('$WATCHED', 'my-project');
      const environment = z.record(z.string(), z.string()).parse(parse(filled));
      const settings = name === 'tick' ? readTickSettings(environment) : readSettings(environment);
      expect(settings.projects).toEqual(['my-project']);
      expect(settings.sweepTopics.has('cancel')).toBe(true);
    }
  });
});

test('what docs/settings.md and docs/deploy.md have people write is neither committed nor deployed', () => {
  const told = read('docs/settings.md') + read('docs/deploy.md');
  const files = [...told.matchAll(/ > ([\w.-]+\.(?:yaml|jsonl?))\b/g)].map(([, file = '']) => file);
  expect(files).toEqual(expect.arrayContaining(['jobs.jsonl', 'entry.json', 'sweep.json', 'tick.env.yaml']));
  const patterns = [...read('.gitignore').matchAll(/^\/(.*)$/gm)].map(
    ([, pattern = '']) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`),
  );
  expect(files.filter((file) => !patterns.some((pattern) => pattern.test(file)))).toEqual([]);
  expect(read('.gcloudignore')).toMatch(/^#!include:\.gitignore$/m);
  expect(read('.gcloudignore')).toMatch(/^\/policies\.yaml$/m);
});

test('shared/README.md has a line for each layer, and no other', () => {
  const folders = readdirSync(join(ROOT, 'shared'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const layers = firstCells(read('shared/README.md'));
  expect(layers.toSorted()).toEqual(folders);
  const table = LAYERS.map(({ folder }) => folder).filter((folder) => folder.startsWith('shared/'));
  expect(table).toEqual(layers.map((layer) => `shared/${layer}`));
});

describe('docs/worlds.md', () => {
  const rows = read('docs/worlds.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|What was broken)/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));

  test('has a row for each deliberate break, in their order, and no other', () => {
    expect(rows.map(([name, rule]) => ({ name, rule }))).toEqual(
      BREAKS.map(({ name, rule }) => ({ name, rule })),
    );
  });

  test('names an invariant that caught each', () => {
    const invariants = INVARIANTS.map(({ name }) => name);
    expect(rows.filter(([, , caught = '']) => !invariants.includes(caught))).toEqual([]);
  });
});

test('CONTRIBUTING.md tells every house rule, and no other', () => {
  expect(firstCells(section(read('CONTRIBUTING.md'), 'How we write'))).toEqual(
    ALL_RULES.map(({ name }) => name),
  );
});

describe('links lead somewhere', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'shared/README.md', 'terraform/README.md'].concat(
    readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.md'))
      .map((path) => `docs/${path}`),
  );
  test.for(documents)('%s', (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
  });
});

test('decisions are numbered without a gap, and say context, decision and consequence', () => {
  const files = readdirSync(join(ROOT, 'docs/decisions')).sort();
  for (const [index, file] of files.entries()) {
    expect(Number(file.slice(0, 4))).toBe(index + 1);
    const text = read(`docs/decisions/${file}`);
    expect(text).toMatch(new RegExp(`^# ${index + 1}\\. .+\\n`));
    for (const part of ['Context', 'Decision', 'Consequence']) expect(text).toContain(`\n**${part}.** `);
  }
});
