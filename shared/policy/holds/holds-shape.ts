import { shapeOfList } from '../file-shape.ts';
import type { Path } from '../located.ts';
import { CreatedEntry, HoldEntry, HoldMatchEntry, HoldsFile } from './holds.schema.ts';

export const HOLDS_FILE = shapeOfList({ list: 'holds', item: 'hold', nameKey: 'id', keysOf });

function keysOf(path: Path): readonly string[] {
  switch (path.findLast((step) => typeof step === 'string')) {
    case undefined:
      return Object.keys(HoldsFile.shape);
    case 'match':
      return Object.keys(HoldMatchEntry.shape);
    case 'created':
      return Object.keys(CreatedEntry.shape);
    default:
      return Object.keys(HoldEntry.shape);
  }
}
