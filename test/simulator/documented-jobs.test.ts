import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { playground } from './playground.ts';

const DOCUMENT = readFileSync(join(import.meta.dirname, '../../docs/simulator.md'), 'utf8');
const JsonObject = z.record(z.string(), z.json());

test('the jobs of docs/simulator.md are those that its bq lists', () => {
  const [, text = ''] = /^cat > jobs\.jsonl <<'END'\n(.*?)^END$/ms.exec(DOCUMENT) ?? [];
  const { simulator } = playground();
  for (const line of text.trim().split('\n')) simulator.load(JsonObject.parse(JSON.parse(line)));
  const [, listing = ''] = /^\$ bq ls -j -a myproject\n.*?\n.*?\n(.*?)^\$/ms.exec(DOCUMENT) ?? [];
  const listed = listing
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  expect(listed).toHaveLength(2);
  for (const [jobId = '', type, state] of listed) {
    const truth = simulator.truth({ projectId: 'myproject', location: 'US', jobId });
    expect({
      type: truth?.type.toLowerCase(),
      state: truth?.state === 'DONE' ? 'SUCCESS' : truth?.state,
    }).toEqual({
      type,
      state,
    });
  }
});
