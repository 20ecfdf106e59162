import { wordFaults } from './check-words.ts';
import type { CheckedPolicy } from './checked-policy.ts';
import { type Path, placeOf } from './located.ts';
import { nearestWord } from './nearest.ts';
import type { SelectorEntry } from './policy.schema.ts';
import { STATEMENT_TYPES } from './statement-types.ts';

type Where = 'match' | 'except';
export type TellWord = (path: Path, message: string, nearest?: string) => void;

/** Warns of words that no job can have: a `match` of them finds nothing, an `except` protects nobody. */
export function checkSelector(
  { entry, root, faults }: CheckedPolicy,
  selector: SelectorEntry,
  path: Path,
  where: Where,
): void {
  const effect = where === 'match' ? 'the policy never fires on it' : 'it exempts nothing';
  const tell: TellWord = (inside, message, nearest) =>
    faults.warning(
      placeOf(root, [...path, ...inside]),
      `${where} of policy "${entry.name}": ${message}; ${effect}`,
      nearest === undefined ? {} : { nearest },
    );
  checkWhatNoJobHas(selector, tell);
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

/** What makes a selector take nothing, wherever it stands. */
export function checkWhatNoJobHas(selector: SelectorEntry, tell: TellWord): void {
  checkTexts(selector, tell);
  checkLabels(selector, tell);
  checkQueryWords(selector, tell);
}

function nearest(type: string): { readonly nearest?: string } {
  const word = nearestWord(type, STATEMENT_TYPES);
  return word === undefined ? {} : { nearest: word };
}

function checkTexts(selector: SelectorEntry, tell: TellWord): void {
  for (const { key, index, problem, nearest } of wordFaults(selector)) tell([key, index], problem, nearest);
}

/** Keys and values are at most 63 characters and have no capital letters [bigquery-facts: Jobs API]. */
export function checkLabels({ labels }: Pick<SelectorEntry, 'labels'>, tell: TellWord): void {
  for (const [key, value] of labels ?? []) {
    const wrong = [key, value].find((text) => text !== text.toLowerCase() || [...text].length > 63);
    if (wrong !== undefined)
      tell(['labels', key], `no label can hold "${wrong}": capital letters, or over 63 characters`);
  }
}

/** Only queries have a priority and a statement type, and only queries run continuously. */
function checkQueryWords(selector: SelectorEntry, tell: TellWord): void {
  const { jobTypes } = selector;
  if (jobTypes === undefined || jobTypes.includes('QUERY')) return;
  for (const key of ['priority', 'statementTypes'] as const) {
    if (selector[key] !== undefined)
      tell([key], `only queries have "${key}", and "jobTypes" leaves queries out`);
  }
  if (selector.continuous === true)
    tell(['continuous'], 'only queries are continuous, and "jobTypes" leaves queries out');
}
