import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { Faults, type Place } from './fault.ts';
import type { Located } from './located.ts';
import { aliasTargets, placeOfNode } from './yaml-nodes.ts';

/** Larger files are refused before they are parsed. In UTF-16 units: about 1 MB. */
export const MAX_FILE_LENGTH = 1_048_576;

/** Values after aliases are followed, and how deep they may stand: an alias can make much out of little. */
const MAX_VALUES = 50_000;
const MAX_DEPTH = 40;

/** What was read, and where faults of it are gathered. Without a root nothing further can be checked. */
export interface Loaded {
  readonly root: Located | undefined;
  readonly faults: Faults;
}

/**
 * Reads the YAML text of an owner's file. Never throws: what is wrong stands in `faults`.
 *
 * @param list the key of the list that the file mainly is
 */
export function loadYaml(text: string, list: string): Loaded {
  const lines = new LineCounter();
  const faults = new Faults((offset) => {
    const { line, col } = lines.linePos(offset);
    return line === 0 ? { line: 1, column: 1 } : { line, column: col };
  });
  if (text.length > MAX_FILE_LENGTH) {
    const size = `${text.length} characters`;
    faults.fault({ start: 0, end: 0 }, `the file has ${size}, more than such a file can mean`, {
      value: size,
      allowed: `at most ${MAX_FILE_LENGTH} characters`,
    });
    return { root: undefined, faults };
  }
  // Duplicate keys are found below, where both places can be told.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const placed = new Set<number>();
  const errors = [...document.errors, ...document.warnings];
  for (const { code, message, pos } of errors) {
    // Of several errors at one place the later ones are the parser's other names for the first.
    if (placed.has(pos[0])) continue;
    placed.add(pos[0]);
    faults.fault({ start: pos[0], end: pos[1] }, told(code, message));
  }
  // Of several documents the first can be checked all the same.
  if (errors.some(({ code }) => code !== SEVERAL)) return { root: undefined, faults };
  return { root: new Reader(document, faults, list).read(), faults };
}

const SEVERAL = 'MULTIPLE_DOCS';

const INDENT =
  'this line is indented as nothing before it: the keys of one map begin in one column, and each item of a list with "- "';

/** By the parser's code, or by its message where one code has several. */
const TOLD: ReadonlyMap<string, string> = new Map([
  [SEVERAL, 'the file holds several documents; write one, without a second "---"'],
  ['TAB_AS_INDENT', 'a tab cannot indent in YAML; use spaces'],
  [
    'BLOCK_AS_IMPLICIT_KEY',
    'a key stands where none can: the next line is indented too far, or a text that holds ": " lacks its quotes',
  ],
  ['All mapping items must start at the same column', INDENT],
  ['Sequence item without - indicator', INDENT],
]);

function told(code: string, message: string): string {
  const plain = TOLD.get(code) ?? TOLD.get(message);
  return plain ?? `this is no valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Turns nodes into values with places, within bounds that aliases cannot leap over. */
class Reader {
  readonly #document: Document;
  readonly #faults: Faults;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #list: string;
  #values = 0;
  #tooMuch = false;

  constructor(document: Document, faults: Faults, list: string) {
    this.#document = document;
    this.#faults = faults;
    this.#list = list;
    this.#targets = aliasTargets(document);
  }

  /** Undefined when the file is empty, or holds more than the bounds allow. */
  read(): Located | undefined {
    const { contents } = this.#document;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
      this.#faults.fault({ start: 0, end: 0 }, 'the file is empty', {
        allowed: `"version: 1" and "${this.#list}:"`,
      });
      return undefined;
    }
    const root = this.#node(contents, 0);
    return this.#tooMuch ? undefined : root;
  }

  #node(node: unknown, depth: number): Located {
    const place = placeOfNode(node);
    this.#values += 1;
    if (this.#values > MAX_VALUES || depth > MAX_DEPTH) return this.#refuse(place, depth);
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      if (target !== undefined) return { ...this.#node(target, depth + 1), place };
      this.#faults.fault(place, `the alias *${node.source} has no anchor &${node.source} before it`);
    }
    if (isMap(node)) return this.#map(node, place, depth);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.#node(item, depth + 1));
      return {
        value: items.map(({ value }) => value),
        place,
        keys: new Map(),
        children: new Map(items.entries()),
      };
    }
    return { value: isScalar(node) ? node.value : null, place, keys: new Map(), children: new Map() };
  }

  #map(node: YAMLMap, place: Place, depth: number): Located {
    const value: Record<string, unknown> = {};
    const keys = new Map<string, Place>();
    const children = new Map<string, Located>();
    for (const pair of node.items) {
      const keyPlace = placeOfNode(pair.key);
      const key = isScalar(pair.key) ? pair.key.value : undefined;
      if (typeof key !== 'string') {
        this.#faults.fault(keyPlace, 'a key must be text; write it in quotes if it is meant');
        continue;
      }
      const first = keys.get(key);
      if (first !== undefined) {
        const line = this.#faults.lineOf(first);
        this.#faults.fault(keyPlace, `the key "${key}" is given twice, first in line ${line}; keep one`, {
          value: key,
        });
        continue;
      }
      const child = this.#node(pair.value, depth + 1);
      keys.set(key, keyPlace);
      children.set(key, child);
      // Assigning to `__proto__` would set the prototype.
      Object.defineProperty(value, key, {
        value: child.value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return { value, place, keys, children };
  }

  /** Told once: past the bounds everything else would only repeat it. */
  #refuse(place: Place, depth: number): Located {
    if (!this.#tooMuch) {
      const what =
        depth > MAX_DEPTH
          ? `the file is nested deeper than ${MAX_DEPTH} levels`
          : `the file holds more than ${MAX_VALUES} values once its aliases are followed`;
      this.#faults.fault(place, `${what}; write it out more plainly`);
    }
    this.#tooMuch = true;
    return { value: null, place, keys: new Map(), children: new Map() };
  }
}
