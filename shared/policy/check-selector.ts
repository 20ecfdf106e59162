import type { CheckedPolicy } from './checked-policy.ts';
import { type Path, placeOf } from './located.ts';
import { nearestWord } from './nearest.ts';
import type { SelectorEntry } from './policy.schema.ts';
import { STATEMENT_TYPES } from './statement-types.ts';

type Where = 'match' | 'except';
type Tell = (path: Path, message: string, nearest?: string) => void;

/** Warns of words that no job can have: a `match` of them finds nothing, an `except` protects nobody. */
export function checkSelector(
  policy: CheckedPolicy,
  selector: SelectorEntry,
  path: Path,
  where: Where,
): void {
  const { entry, root, faults } = policy;
  const effect = where === 'match' ? 'the policy never fires on it' : 'it exempts nothing';
  const tell: Tell = (inside, message, nearest) =>
    faults.warning(
      placeOf(root, [...path, ...inside]),
      `${where} of policy "${entry.name}": ${message}; ${effect}`,
      nearest === undefined ? {} : { nearest },
    );
  checkTexts(selector, tell);
  checkLabels(selector, tell);
  checkQueryWords(selector, tell);
  for (const [index, type] of (selector.statementTypes ?? []).entries()) {
    if (STATEMENT_TYPES.includes(type)) continue;
    const message = `"${type}" is no statement type known to this version, and is matched as written`;
    faults.warning(
      placeOf(root, [...path, 'statementTypes', index]),
      `${where} of policy "${entry.name}": ${message}`,
      {
        ...nearest(type),
      },
    );
  }
}

function nearest(type: string): { readonly nearest?: string } {
  const word = nearestWord(type, STATEMENT_TYPES);
  return word === undefined ? {} : { nearest: word };
}

interface TextRule {
  readonly key: 'principals' | 'projects' | 'reservations' | 'referencedTables' | 'destinationTables';
  readonly can: RegExp;
  readonly problem: string;
}

/** What a pattern must look like to meet any name at all. */
const TEXT_RULES: readonly TextRule[] = [
  { key: 'principals', can: /[*@:]/, problem: 'is no e-mail address, no principal and no pattern' },
  { key: 'projects', can: /^[a-z0-9:.*-]+$/, problem: 'holds a character that no project id has' },
  { key: 'reservations', can: /[*:/]/, problem: 'is no full name (project:location.name) and no pattern' },
  { key: 'referencedTables', can: /[*.]/, problem: 'is no dataset.table and no pattern' },
  { key: 'destinationTables', can: /[*.]/, problem: 'is no dataset.table and no pattern' },
];

const SUGGESTED: ReadonlyMap<TextRule['key'], (text: string) => string> = new Map([
  ['principals', (text) => `${text}@*`],
  ['reservations', (text) => `*.${text}`],
  ['referencedTables', (text) => `${text}.*`],
  ['destinationTables', (text) => `${text}.*`],
]);

function checkTexts(selector: SelectorEntry, tell: Tell): void {
  for (const { key, can, problem } of TEXT_RULES) {
    for (const [index, text] of (selector[key] ?? []).entries()) {
      if (!can.test(text)) tell([key, index], `"${text}" ${problem}`, SUGGESTED.get(key)?.(text));
    }
  }
}

/** Keys and values are at most 63 characters and have no capital letters [bigquery-facts: Jobs API]. */
function checkLabels({ labels }: SelectorEntry, tell: Tell): void {
  for (const [key, value] of labels ?? []) {
    const wrong = [key, value].find((text) => text !== text.toLowerCase() || [...text].length > 63);
    if (wrong !== undefined)
      tell(['labels', key], `no label can hold "${wrong}": capital letters, or over 63 characters`);
  }
}

/** Only queries have a priority and a statement type, and only queries run continuously. */
function checkQueryWords(selector: SelectorEntry, tell: Tell): void {
  const { jobTypes } = selector;
  if (jobTypes === undefined || jobTypes.includes('QUERY')) return;
  for (const key of ['priority', 'statementTypes'] as const) {
    if (selector[key] !== undefined)
      tell([key], `only queries have "${key}", and "jobTypes" leaves queries out`);
  }
  if (selector.continuous === true)
    tell(['continuous'], 'only queries are continuous, and "jobTypes" leaves queries out');
}
