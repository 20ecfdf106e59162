import { canonicalLocation } from '../job/job-name.ts';

type TextKey =
  | 'principals'
  | 'projects'
  | 'locations'
  | 'reservations'
  | 'referencedTables'
  | 'destinationTables'
  | 'tables'
  | 'datasets';

/** What is wrong with one word, and what was probably meant. */
export interface WordFault {
  readonly key: TextKey;
  readonly index: number;
  readonly problem: string;
  readonly nearest?: string;
}

interface TextRule {
  readonly keys: readonly TextKey[];
  readonly problem: string;
  isWrong(text: string): boolean;
  meant?(text: string): string | undefined;
}

const TABLES: readonly TextKey[] = ['referencedTables', 'destinationTables', 'tables'];
const MEMBER = /^(?:user|serviceAccount|group|domain|deleted:(?:user|serviceAccount|group)):/i;
const LOCATION = /^(?:us|eu|[a-z]+(?:-[a-z]+)*-[a-z]+-?\d+)$/;
/** What stands before the project's own name in a project of a domain. */
const DOMAIN = /^[^:]*[.*][^:]*:/;

/** What a word must look like to meet any name at all. Of those that it breaks, the first is told. */
const TEXT_RULES: readonly TextRule[] = [
  {
    keys: ['principals'],
    problem: 'begins as a member of an IAM policy does, and a principal is the address alone',
    isWrong: (text) => MEMBER.test(text),
    meant: (text) => text.replace(MEMBER, ''),
  },
  {
    keys: ['principals'],
    problem: 'holds a comma or a space, which no principal has',
    isWrong: (text) => !text.startsWith('principal') && /[,\s]/.test(text),
    meant: asList,
  },
  {
    keys: ['principals'],
    problem: 'is no e-mail address, no principal and no pattern',
    isWrong: (text) => !/[*@:]/.test(text),
    meant: (text) => `${text}@*`,
  },
  {
    keys: ['projects'],
    problem: 'holds a character that no project id has',
    isWrong: (text) => !/^[a-z0-9:.*-]+$/.test(text),
  },
  {
    keys: ['locations'],
    problem: 'has not the form of a location (US, EU, europe-west3)',
    isWrong: (text) => !LOCATION.test(canonicalLocation(text).toLowerCase()),
  },
  {
    keys: ['reservations'],
    problem: 'is no full name (project:location.name) and no pattern',
    isWrong: (text) => !/[*:/]/.test(text),
    meant: (text) => `*.${text}`,
  },
  {
    keys: TABLES,
    problem: 'holds a comma or a space, which no table is named with',
    // A table's own name, the last part, may hold a space within.
    isWrong: (text) => /,|^\s|\s$/.test(text) || /\s/.test(text.slice(0, text.lastIndexOf('.') + 1)),
    meant: asList,
  },
  {
    keys: ['datasets'],
    problem: 'holds a comma or a space, which no dataset is named with',
    isWrong: (text) => /[,\s]/.test(text),
    meant: asList,
  },
  {
    keys: [...TABLES, 'datasets'],
    problem: 'holds a colon, and a project ends with a dot here',
    isWrong: (text) => text.replace(DOMAIN, '').includes(':'),
    meant: (text) => text.replace(':', '.'),
  },
  {
    keys: TABLES,
    problem: 'has more parts than project.dataset.table',
    isWrong: (text) => {
      const parts = text.replace(DOMAIN, '').split('.');
      return parts.length > 3 && !parts.slice(0, -1).some((part) => part.includes('*'));
    },
  },
  {
    keys: ['datasets'],
    problem: 'has more parts than project.dataset',
    isWrong: (text) => {
      const parts = text.replace(DOMAIN, '').split('.');
      return parts.length > 2 && !parts.slice(0, -1).some((part) => part.includes('*'));
    },
    meant: (text) => text.split('.').slice(0, -1).join('.'),
  },
  {
    keys: TABLES,
    problem: 'is no dataset.table and no pattern',
    isWrong: (text) => !/[*.]/.test(text),
    meant: (text) => `${text}.*`,
  },
];

/** Words that no job can have, key by key. */
export function* wordFaults(
  words: { readonly [Key in TextKey]?: readonly string[] | undefined },
): Generator<WordFault> {
  for (const key of new Set(TEXT_RULES.flatMap(({ keys }) => keys))) {
    for (const [index, text] of (words[key] ?? []).entries()) {
      const rule = TEXT_RULES.find(({ keys, isWrong }) => keys.includes(key) && isWrong(text));
      if (rule === undefined) continue;
      const nearest = rule.meant?.(text);
      yield { key, index, problem: `"${text}" ${rule.problem}`, ...(nearest !== undefined && { nearest }) };
    }
  }
}

function asList(text: string): string {
  const items = text.split(/[,\s]+/).filter((item) => item !== '');
  return items.length === 1 ? items.join() : `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
}
