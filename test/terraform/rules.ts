import * as z from 'zod';
import type { Resource } from './applied.schema.ts';

/** What a set-up must fulfil, and what of it does not: a sentence each. */
export interface Rule {
  readonly title: string;
  faults(resources: readonly Resource[]): readonly string[];
}

const Grant = z.object({ role: z.string(), member: z.string() });
const Subscription = z.object({
  name: z.string(),
  ack_deadline_seconds: z.number().nullish(),
  message_retention_duration: z.string().nullish(),
  push_config: z.array(z.object({ push_endpoint: z.string(), oidc_token: z.array(z.unknown()) })),
  bigquery_config: z.array(z.unknown()),
  dead_letter_policy: z.array(z.object({ max_delivery_attempts: z.number() })),
  retry_policy: z.array(z.unknown()),
  expiration_policy: z.array(z.object({ ttl: z.string() })),
});
const CloudFunction = z.object({
  name: z.string(),
  service_config: z.tuple([
    z.object({
      timeout_seconds: z.number(),
      max_instance_count: z.number(),
      max_instance_request_concurrency: z.number(),
      environment_variables: z.record(z.string(), z.string()),
      service_account_email: z.string(),
    }),
  ]),
});
const DAY_SECONDS = 86_400;

/** The values of every resource of a type. */
export function valuesOf<S extends z.ZodType>(
  resources: readonly Resource[],
  type: string,
  schema: S,
): readonly z.infer<S>[] {
  return resources.filter((one) => one.type === type).map(({ values }) => schema.parse(values));
}

export function functionsOf(resources: readonly Resource[]): readonly z.infer<typeof CloudFunction>[] {
  return valuesOf(resources, 'google_cloudfunctions2_function', CloudFunction);
}

function grantsOf(resources: readonly Resource[]): readonly (z.infer<typeof Grant> & { address: string })[] {
  return resources
    .filter(({ type }) => type.endsWith('_iam_member'))
    .map(({ address, values }) => ({ address, ...Grant.parse(values) }));
}

function subscriptionFaults(sub: z.infer<typeof Subscription>): readonly string[] {
  const retention = Number.parseInt(sub.message_retention_duration ?? '', 10);
  const delivers = sub.push_config.length + sub.bigquery_config.length > 0;
  return [
    ...(retention <= DAY_SECONDS ? [] : [`keeps messages for ${sub.message_retention_duration}`]),
    ...(sub.expiration_policy[0]?.ttl === '' ? [] : ['expires when nothing comes for a while']),
    ...(delivers && sub.dead_letter_policy.length === 0 ? ['has no dead letter'] : []),
    ...(delivers && sub.retry_policy.length === 0 ? ['has no retry policy'] : []),
    ...sub.push_config.flatMap(({ oidc_token, push_endpoint }) => [
      ...(oidc_token.length === 1 ? [] : ['pushes without a token']),
      ...(/\/projects\/[^/]+\/topics\/[^/]+$/.test(push_endpoint) ? [] : [`pushes to ${push_endpoint}`]),
    ]),
  ].map((fault) => `${sub.name} ${fault}`);
}

export const RULES: readonly Rule[] = [
  {
    title: 'no primitive role, and none of all that a service does',
    faults: (resources) =>
      grantsOf(resources)
        .filter(({ role }) => /^roles\/(?:owner|editor|viewer)$|[aA]dmin$/.test(role))
        .map(({ address, role }) => `${address} grants ${role}`),
  },
  {
    title: 'nothing for everybody',
    faults: (resources) =>
      grantsOf(resources)
        .filter(({ member }) => /^all(?:Authenticated)?Users$/.test(member))
        .map(({ address, member }) => `${address} grants to ${member}`),
  },
  {
    title: 'each subscription dead-letters, sends again with patience, keeps nothing beyond a day, and stays',
    faults: (resources) =>
      valuesOf(resources, 'google_pubsub_subscription', Subscription).flatMap(subscriptionFaults),
  },
  {
    title: 'a function ends before Pub/Sub sends its message again, which is after 600 s at most',
    faults: (resources) => {
      const waits = new Map(
        valuesOf(resources, 'google_pubsub_subscription', Subscription).map((one) => [
          one.name,
          one.ack_deadline_seconds ?? 10,
        ]),
      );
      return functionsOf(resources).flatMap(({ name, service_config: [{ timeout_seconds: timeout }] }) => {
        const wait = waits.get(name) ?? 0;
        return timeout < wait && wait <= 600 ? [] : [`${name} has ${timeout} s, its subscription ${wait} s`];
      });
    },
  },
  {
    title: 'instances are bounded, and take several messages, of which a sweep is one',
    faults: (resources) =>
      functionsOf(resources)
        .filter(
          ({ service_config: [{ max_instance_count: most, max_instance_request_concurrency: together }] }) =>
            !(most >= 1 && most <= 100 && together > 1),
        )
        .map(({ name }) => `${name} has no good bounds`),
  },
  {
    title: 'functions run as accounts of their own',
    faults: (resources) => {
      const accounts = functionsOf(resources).map(
        ({ service_config: [{ service_account_email }] }) => service_account_email,
      );
      return new Set(accounts).size === accounts.length ? [] : [`they run as ${accounts.join(', ')}`];
    },
  },
  {
    title: 'to act as an account is granted at one account, never at a project',
    faults: (resources) =>
      grantsOf(resources)
        .filter(
          ({ role, address }) =>
            role.includes('serviceAccount') && !address.includes('google_service_account_iam_member'),
        )
        .map(({ address }) => address),
  },
  {
    title: 'files, messages and alerts are read by the functions, by Pub/Sub, and by readers that are named',
    faults: (resources) => {
      const Account = z.object({ member: z.string() });
      const own = valuesOf(resources, 'google_service_account', Account).map(({ member }) => member);
      return grantsOf(resources)
        .filter(({ role }) => /iewer$|ubscriber$|ditor$|ccessor$/.test(role))
        .filter(({ address, member }) => {
          const named = address.includes('alerts.google_bigquery_table_iam_member.reader');
          const pubsub = member.endsWith('@gcp-sa-pubsub.iam.gserviceaccount.com');
          const secret = address.includes('google_secret_manager_secret_iam_member.redaction_key');
          return !(own.includes(member) || named || pubsub || secret);
        })
        .map(({ address, member }) => `${address} lets ${member} read`);
    },
  },
];
