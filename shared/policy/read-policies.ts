import { createHash } from 'node:crypto';
import { LIST_PRICES } from '../cost/price-table.ts';
import { checkPricedLocations } from './check-cost.ts';
import { checkPolicy } from './check-policy.ts';
import { checkPurgeWaits } from './check-purge-waits.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import {
  compileBreaker,
  compileDefaults,
  compilePolicy,
  compilePurgePolicy,
  compileRetryPolicy,
  type Defaults,
} from './compile.ts';
import { PolicyFileError } from './errors.ts';
import type { Fault, Faults } from './fault.ts';
import { tellIssues } from './issues.ts';
import { LATER_POLICY_KEYS } from './later.ts';
import { loadYaml } from './load.ts';
import { keyPlace, type Located, placeOf } from './located.ts';
import { readPartly } from './partial-entry.ts';
import { PolicyEntry, PolicyFile } from './policy.schema.ts';
import type { Policies } from './policy.ts';
import { POLICY_FILE } from './policy-shape.ts';
import { tellDuplicates } from './tell-duplicates.ts';

export interface ReadPolicies {
  readonly policies: Policies;
  /** What is likely not meant, and what this version does not carry out. In the order of the file. */
  readonly warnings: readonly Fault[];
}

/**
 * Reads the owner's policy file (design section 6; docs/policy.md).
 *
 * @param fileName how messages name the file
 * @throws PolicyFileError holding every fault at once; no other error, whatever the text
 */
export function readPolicies(text: string, fileName: string): ReadPolicies {
  const { root, faults } = loadYaml(text, POLICY_FILE.list);
  const compiled = root === undefined ? undefined : readFile(root, faults);
  const found = faults.all();
  if (found.some(({ severity }) => severity === 'fault')) throw new PolicyFileError(text, fileName, found);
  const generation = createHash('sha256').update(text).digest('hex');
  const { cancel = [], retry = [], purge = [], prices = LIST_PRICES } = compiled ?? {};
  return { policies: { generation, cancel, retry, purge, prices }, warnings: found };
}

function readFile(root: Located, faults: Faults): Omit<Policies, 'generation'> {
  const file = PolicyFile.safeParse(root.value);
  if (!file.success) tellIssues(file.error.issues, { root, faults, shape: POLICY_FILE }, []);
  const policies = [...(root.children.get('policies')?.children.entries() ?? [])];
  if (file.success && policies.length === 0) {
    faults.warning(placeOf(root, ['policies']), 'the file has no policy: nothing is watched');
  }
  tellDuplicates(policies, { root, faults, shape: POLICY_FILE });
  const defaults = compileDefaults(file.success ? file.data : {});
  const read = policies.flatMap(([index, located]) =>
    readPolicy(located, index, root, { ...defaults, isSure: file.success }, faults),
  );
  if (!root.children.has('pricing')) checkPricedLocations(read.map(({ policy }) => policy));
  checkPurgeWaits(read.map(({ policy }) => policy));
  const carriedOut = read.filter(({ policy }) => !policy.aside && policy.isSure());
  return {
    cancel: carriedOut.flatMap(({ policy: { entry }, limits }) =>
      entry.action === undefined || entry.retry !== undefined
        ? []
        : [compilePolicy(entry, entry.action, limits, defaults)],
    ),
    retry: carriedOut.flatMap(({ policy: { entry } }) =>
      entry.retry === undefined ? [] : [compileRetryPolicy(entry, entry.retry, defaults)],
    ),
    purge: carriedOut.flatMap(({ policy: { entry } }) =>
      entry.purge === undefined || entry.sensitive === undefined
        ? []
        : [compilePurgePolicy(entry, entry.sensitive, entry.purge, defaults)],
    ),
    prices: defaults.prices,
  };
}

interface ReadPolicy {
  readonly policy: CheckedPolicy;
  /** The keys under `limit`, in the order of the file. */
  readonly limits: readonly string[];
}

/** None when nothing of it can be read. */
function readPolicy(
  located: Located,
  index: string | number,
  root: Located,
  { prices, breaker, isSure }: Defaults & { readonly isSure: boolean },
  faults: Faults,
): readonly ReadPolicy[] {
  const path = ['policies', index];
  const number = typeof index === 'number' ? `number ${index + 1}` : index;
  const parsed = PolicyEntry.safeParse(located.value);
  if (!parsed.success) tellIssues(parsed.error.issues, { root, faults, shape: POLICY_FILE }, path);
  const read = parsed.success
    ? { entry: parsed.data, isSure: () => true }
    : readPartly(located.value, parsed.error.issues, number);
  if (read === undefined) return [];
  const aside = setAside(read.entry, root, path, faults);
  const policy = {
    ...read,
    root,
    path,
    aside,
    faults,
    prices,
    breaker: isSure && read.isSure('breaker') ? compileBreaker(read.entry.breaker, breaker) : undefined,
  };
  checkPolicy(policy);
  return [{ policy, limits: [...(located.children.get('limit')?.keys.keys() ?? [])] }];
}

/** Whether the policy needs what this version does not carry out; each such key is told. */
function setAside(
  entry: PolicyEntry,
  root: Located,
  path: readonly (string | number)[],
  faults: Faults,
): boolean {
  const words = LATER_POLICY_KEYS.filter((key) => key in entry);
  for (const key of words) {
    const message = `policy "${entry.name}" is set aside whole and never fires: this version does not carry out "${key}"`;
    faults.warning(keyPlace(root, path, key), message, { value: key });
  }
  return words.length > 0;
}
