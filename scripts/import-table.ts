/**
 * Who may import whom, and which packages: the one direction of imports, as data. `check-imports.ts` holds
 * it for values and types alike.
 */
export interface Layer {
  /** A file belongs to the first layer whose folder it lies in. */
  readonly folder: string;
  /** Folders it may import from, besides its own. */
  readonly may: readonly string[];
  /** The packages it may import; absent: any of the package.json's. */
  readonly packages?: readonly string[];
}

/** No I/O, no clock, no randomness: hashing is allowed, for it is the same everywhere. */
const PURE_PACKAGES = ['zod', 'yaml', 'fastest-levenshtein', 'node:crypto'];

/** What knows sensitive text by its form: nobody else has to. */
const DETECTION_PACKAGES = [
  '@secretlint/secretlint-rule-preset-recommend',
  'card-validator',
  'ibantools',
  're2js',
  'tlds',
];

const PORTS = 'shared/ports';
const UNITS = 'shared/units';
const JOB = 'shared/job';
const COST = 'shared/cost';
const LIMITS = 'shared/limits';
const RETRY = 'shared/retry';
const SENSITIVE = 'shared/sensitive';
const POLICY = 'shared/policy';
const JUDGE = 'shared/judge';
const PURE = [UNITS, JOB, COST, LIMITS, RETRY, SENSITIVE, POLICY, JUDGE];

/** Siblings: each knows the pure half and the ports, and none of the others. */
const SIBLINGS = ['shared/bigquery', 'shared/ledger', 'shared/alert', 'shared/owner-files'];

export const LAYERS: readonly Layer[] = [
  // The pure half.
  { folder: PORTS, may: [], packages: [] },
  { folder: UNITS, may: [], packages: PURE_PACKAGES },
  { folder: JOB, may: [UNITS], packages: PURE_PACKAGES },
  { folder: COST, may: [UNITS, JOB], packages: PURE_PACKAGES },
  { folder: LIMITS, may: [UNITS, JOB, COST], packages: PURE_PACKAGES },
  { folder: RETRY, may: [UNITS, JOB], packages: PURE_PACKAGES },
  { folder: SENSITIVE, may: [JOB], packages: DETECTION_PACKAGES },
  { folder: POLICY, may: [UNITS, JOB, COST, LIMITS, RETRY, SENSITIVE], packages: PURE_PACKAGES },
  { folder: JUDGE, may: [UNITS, JOB, COST, LIMITS, RETRY, SENSITIVE, POLICY], packages: PURE_PACKAGES },
  // What reaches the world outside.
  ...SIBLINGS.map((folder) => ({ folder, may: [PORTS, ...PURE] })),
  // What puts the two together.
  { folder: 'shared/enforce', may: [PORTS, ...PURE, ...SIBLINGS] },
  { folder: 'shared/watch', may: [PORTS, ...PURE, ...SIBLINGS, 'shared/enforce'] },
  // Composition roots.
  { folder: 'functions', may: ['shared'] },
  { folder: 'cli', may: ['shared', 'package.json'] },
  // Our own BigQuery: one misreading of the real one must not sit in both.
  { folder: 'simulator', may: [] },
  { folder: 'demo', may: ['functions', 'shared', 'simulator'] },
  // What proves it.
  { folder: 'bench', may: ['functions', 'shared', 'cli', 'simulator', 'demo', 'test'] },
  { folder: 'scripts', may: ['functions', 'shared', 'cli'] },
  {
    folder: 'test',
    may: ['functions', 'shared', 'cli', 'simulator', 'demo', 'bench', 'scripts', 'package.json'],
  },
];

/** Folders whose code may use devDependencies. */
export const DEVELOPMENT = ['test', 'bench', 'scripts'];

/** Packages of one layer: the product has them from there or not at all. */
export const OWN_PACKAGES = { folder: SENSITIVE, packages: DETECTION_PACKAGES } as const;

/** Slow to load: the product loads them with `import()` when they are first needed. */
export const LAZY = [
  '@google-cloud/bigquery',
  '@google-cloud/firestore',
  '@google-cloud/logging',
  '@google-cloud/pubsub',
  'google-auth-library',
];
