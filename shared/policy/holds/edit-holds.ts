import { type Document, isMap, isSeq, parseDocument, type YAMLSeq } from 'yaml';
import { loadYaml } from '../load.ts';
import { HOLDS_FILE } from './holds-shape.ts';

/** A hold as it is written into the file. It is checked when the file is read. */
export interface NewHold {
  readonly id: string;
  readonly reason: string;
  readonly until: string;
  readonly by?: string;
  readonly match: Readonly<Record<string, unknown>>;
}

/** The file is written in a way that cannot be edited without changing what else it says. */
export class HoldsNotEditableError extends Error {
  override readonly name = 'HoldsNotEditableError';

  constructor(fileName: string) {
    super(
      `${fileName} cannot be edited without changing its other holds, which are written in a form of their own; edit it by hand`,
    );
  }
}

const EMPTY = 'version: 1\nholds: []\n';

/**
 * The text of a holds file with one more hold at its end. Comments and the order of what was there stay.
 *
 * @param text of a file that `readHolds` takes; undefined: there is none
 * @throws HoldsNotEditableError
 */
export function withHold(text: string | undefined, hold: NewHold, fileName: string): string {
  const document = parseDocument(text ?? EMPTY);
  const list = listOf(document, fileName);
  // Written as `[]`, its items would stand in one line.
  if (list.items.length === 0) list.flow = false;
  list.add(document.createNode(hold));
  return edited(document, text ?? EMPTY, fileName, (holds) => [...holds, hold]);
}

/**
 * The same without the hold of that id, which must be there.
 *
 * @throws HoldsNotEditableError
 */
export function withoutHold(text: string, id: string, fileName: string): string {
  const document = parseDocument(text);
  const list = listOf(document, fileName);
  const at = list.items.findIndex((item) => isMap(item) && item.get('id') === id);
  if (at === -1) throw new HoldsNotEditableError(fileName);
  list.items.splice(at, 1);
  if (list.items.length === 0) list.flow = true;
  return edited(document, text, fileName, (holds) => holds.filter((_, index) => index !== at));
}

function listOf(document: Document, fileName: string): YAMLSeq {
  const { contents } = document;
  const list = isMap(contents) ? contents.get(HOLDS_FILE.list) : undefined;
  if (isSeq(list)) return list;
  throw new HoldsNotEditableError(fileName);
}

/** An alias whose anchor went, or anything else that reads as another thing once it is written, shows here. */
function edited(
  document: Document,
  before: string,
  fileName: string,
  change: (holds: readonly unknown[]) => readonly unknown[],
): string {
  const after = document.toString({ lineWidth: 0, flowCollectionPadding: false, verifyAliasOrder: false });
  if (JSON.stringify(holdsIn(after)) !== JSON.stringify(change(holdsIn(before))))
    throw new HoldsNotEditableError(fileName);
  return after;
}

function holdsIn(text: string): readonly unknown[] {
  const value = loadYaml(text, HOLDS_FILE.list).root?.children.get(HOLDS_FILE.list)?.value;
  return Array.isArray(value) ? value : [];
}
