import type { JobTruth } from '../../simulator/truth.ts';
import type { Random } from './random.ts';

// What worlds hide in jobs, and what only looks like it. No detector is asked: whoever planted it knows what it is.

export type SecretKind = 'credentials' | 'creditCard' | 'iban' | 'usSsn' | 'email' | 'customerId';

/** By the tag that stands beside it: what is planted there; undefined where it only looks so. */
export type Planted = Readonly<Record<string, SecretKind | undefined>>;

/** The owner's pattern. */
export const CUSTOMER_ID = 'CUST-[0-9]{8}';

const SECRETS: readonly [readonly [SecretKind, string], ...(readonly [SecretKind, string])[]] = [
  ['credentials', "password = 'Tr0ub4dor-3-zq'"],
  ['credentials', 'AKIA'.concat('Q7ZJ4M2XVTN5PLRK')],
  ['creditCard', '4111 1111 1111 1111'],
  ['iban', 'DE89370400440532013000'],
  ['usSsn', '536-22-1234'],
  ['email', 'jane.doe@customers.example.org'],
  ['customerId', 'CUST-20481632'],
];

const ONLY_ALIKE: readonly [string, ...string[]] = [
  'password = @password',
  'AKIA'.concat('IOSFODNN7EXAMPLE'),
  '4111 1111 1111 1112',
  'DE88370400440532013000',
  '936-22-1234',
  'jane.doe@customers.invalid',
  'CUST-2048163',
];

/** None of them may be quoted anywhere. */
export const PLANTED_TEXTS: readonly string[] = SECRETS.map(([, text]) => text);

/** What fits into a label. */
const IN_LABELS: readonly (readonly [SecretKind | undefined, string])[] = [
  ['usSsn', '536-22-1234'],
  [undefined, '936-22-1234'],
];

/** Hides things, and remembers under which tag. */
export class Planter {
  readonly planted: Record<string, SecretKind | undefined> = {};
  readonly #random: Random;
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A tag, and a text that is sensitive or only looks so. */
  text(): string {
    const random = this.#random;
    const [kind, text] = random.chance(0.7) ? random.pick(SECRETS) : [undefined, random.pick(ONLY_ALIKE)];
    return `${this.#tagOf(kind)} ${text}`;
  }

  labels(): Readonly<Record<string, string>> {
    const [kind, text] = this.#random.chance(0.5) ? (IN_LABELS[0] ?? []) : (IN_LABELS[1] ?? []);
    return { note: text ?? '', tag: this.#tagOf(kind) };
  }

  #tagOf(kind: SecretKind | undefined): string {
    const tag = `planted-${++this.#count}-here`;
    this.planted[tag] = kind;
    return tag;
  }
}

/** What was planted in a job, wherever its configuration or its errors have the tag. */
export function plantedIn({ configuration, errors }: JobTruth, planted: Planted): ReadonlySet<SecretKind> {
  const tags = JSON.stringify([configuration, errors]).match(/planted-\d+-here/g) ?? [];
  return new Set(tags.flatMap((tag) => planted[tag] ?? []));
}
