import { EXEMPT_FIELDS } from './exempt-fields.ts';
import { TEXT_FIELDS, type TextField } from './fields.ts';

/** What is known of one place in a Job. */
export interface FieldNode {
  /** As findings call it. */
  readonly path: string;
  readonly inner: Map<string, FieldNode>;
  /** Set where the tables name the place. */
  text: TextField | undefined;
  exempt: boolean;
}

/** The tables of fields as one tree, by the names on the way: `[]` is the way into a list, `{}` to any name. */
export const FIELD_TREE: FieldNode = grown();

function grown(): FieldNode {
  const root = node('');
  for (const field of TEXT_FIELDS) at(root, field.path).text = field;
  for (const { path } of EXEMPT_FIELDS) at(root, path).exempt = true;
  return root;
}

function node(path: string): FieldNode {
  return { path, inner: new Map(), text: undefined, exempt: false };
}

function at(root: FieldNode, path: string): FieldNode {
  let here = root;
  for (const step of stepsOf(path)) {
    const isName = step !== '[]' && step !== '{}';
    const inner =
      here.inner.get(step) ?? node(isName && here.path !== '' ? `${here.path}.${step}` : here.path + step);
    here.inner.set(step, inner);
    here = inner;
  }
  return here;
}

function stepsOf(path: string): readonly string[] {
  return path.split(/\.|(?=\[\]|\{\})/);
}
