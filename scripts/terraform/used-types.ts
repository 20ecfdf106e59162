import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The resource types and data sources that the configuration under a folder uses, such as `google_pubsub_topic`. */
export function usedTypes(folder: string): { resources: readonly string[]; dataSources: readonly string[] } {
  const text = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tf'))
    .map((path) => readFileSync(join(folder, path), 'utf8'))
    .join('\n');
  const all = (keyword: string): readonly string[] => {
    const found = text.matchAll(new RegExp(`^${keyword} "(google_\\w+)"`, 'gm'));
    return [...new Set([...found].map(([, type = '']) => type))].sort();
  };
  return { resources: all('resource'), dataSources: all('data') };
}
