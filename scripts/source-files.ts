import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { type Token, tokensOf } from './tokens.ts';

/** Folders that hold code of ours. */
export const CODE = ['functions', 'shared', 'cli', 'simulator', 'demo', 'bench', 'scripts', 'test'] as const;

/** What runs at an owner's or tells the story of it; the rest tests and checks. */
export const PRODUCT: readonly string[] = ['functions', 'shared', 'cli', 'simulator', 'demo'];

/** A TypeScript file of the repository. */
export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** All TypeScript files of the code folders that are there, in the order of their paths. */
export function sourceFiles(root: string): readonly SourceFile[] {
  return CODE.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => filesUnder(root, folder))
    .filter((path) => extname(path) === '.ts')
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, tokens: tokensOf(text, path) };
    });
}

function filesUnder(root: string, folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.includes('node_modules/'))
    .sort();
}

/** Whether a file lies in one of these folders, or is one of these files. */
export function isIn(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}/`));
}
