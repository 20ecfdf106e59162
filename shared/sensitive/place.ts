import { FIELD_TREE, type FieldNode } from './field-tree.ts';

/** Where a value of a Job stands: what the tables know of the place, and what holds for all that lies beneath. */
export interface Place {
  /** Absent beneath what the tables name. */
  readonly node: FieldNode | undefined;
  /** As findings call it. */
  readonly field: string;
  /** Whether texts lie here, by the tables or because nobody knows what does. */
  readonly isText: boolean;
  readonly isNamed: boolean;
  readonly isSql: boolean;
  readonly isStatistic: boolean;
  /** What the job calls what lies here, where it does. */
  readonly name: string | undefined;
}

export const ROOT: Place = {
  node: FIELD_TREE,
  field: '',
  isText: false,
  isNamed: false,
  isSql: false,
  isStatistic: false,
  name: undefined,
};

/** How a place is reached from the one around it. */
export interface Step {
  readonly place: Place;
  /** Whether the key that leads there is text itself. */
  readonly keyIsText: boolean;
}

/** What lies under a key of an object. */
export function stepInto(around: Place, key: string): Step {
  const known = around.node?.inner.get(key);
  if (known !== undefined) return { place: placeOf(around, known), keyIsText: false };
  const anyName = around.node?.inner.get('{}');
  if (anyName !== undefined) return { place: placeOf(around, anyName), keyIsText: true };
  if (around.isText) {
    const isApiWord = WORDS_OF_VALUES.has(key);
    const name = around.isNamed && !isApiWord ? key : around.name;
    // BigQuery alone names what lies in statistics.
    const keyIsText = !around.isStatistic && !isApiWord;
    return { place: { ...around, node: undefined, isSql: false, name }, keyIsText };
  }
  return { place: unknownIn(around), keyIsText: true };
}

/** What lies in a list. */
export function stepToItem(around: Place): Place {
  const known = around.node?.inner.get('[]');
  if (known !== undefined) return placeOf(around, known);
  return { ...around, node: undefined, isSql: false };
}

/** The API's own words for fields of texts: no names that a user gave. */
const WORDS_OF_VALUES = new Set([
  ...['key', 'name', 'type', 'value', 'values', 'arrayValues', 'structValues', 'rangeValue', 'start', 'end'],
  ...['types', 'fields', 'mode', 'description', 'datasetId', 'projectId', 'tableId', 'message', 'reason'],
]);

function placeOf(around: Place, node: FieldNode): Place {
  const { text } = node;
  return {
    node,
    field: node.path,
    isText: around.isText || text !== undefined,
    isNamed: text === undefined ? around.isNamed : text.named === true,
    isSql: text?.isSql === true,
    isStatistic: around.isStatistic || node.path === 'statistics',
    name: around.name,
  };
}

/** Of the field's own name nothing is told: it may be a user's. */
function unknownIn(around: Place): Place {
  const field = around.field === '' ? '?' : `${around.field}.?`;
  return { ...around, node: undefined, field, isText: true, isNamed: true, isSql: false, isStatistic: false };
}
