import { expect, test } from 'vitest';
import type { JobsPage, ListQuery } from '../../shared/bigquery/jobs-client.ts';
import { listTogether, type Wanted } from '../../shared/enforce/list-together.ts';
import type { Span } from '../../shared/enforce/ports.ts';

const MINUTE_MS = 60_000;
const PAGE: JobsPage = { jobs: [], brokenItems: [], unreachable: [], isLast: true };

const newSpan = (): Span => ({ startedAtMs: 0, deadlineAtMs: MINUTE_MS, horizonAtMs: MINUTE_MS });

/** A page that was asked for, to be answered when the test says so. */
interface Asked {
  readonly query: ListQuery;
  answer(page?: JobsPage): Promise<void>;
  fail(error: Error): Promise<void>;
}

const settled = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
};

function listing() {
  const asked: Asked[] = [];
  const span = newSpan();
  const jobs = {
    async *list(query: ListQuery) {
      const { promise, resolve, reject } = Promise.withResolvers<JobsPage>();
      const answer = (page = PAGE) => {
        resolve(page);
        return settled();
      };
      const fail = (error: Error) => {
        reject(error);
        return settled();
      };
      asked.push({ query, answer, fail });
      yield await promise;
    },
  };
  const want = (more: Partial<Wanted> = {}, within = span) => {
    const seen: JobsPage[] = [];
    const take = (page: JobsPage) => seen.push(page) > 0;
    const wanted = { projectId: 'p', states: ['done'], sinceMs: MINUTE_MS, take, ...more } as const;
    const listed = listTogether(wanted, within, jobs).then(
      () => 'listed',
      (error: unknown) => error,
    );
    return { seen, listed };
  };
  return { asked, want };
}

test('who comes while a list is under way shares the next one, back to the oldest that any wants', async () => {
  const { asked, want } = listing();
  const first = want({ sinceMs: 5 * MINUTE_MS });
  const later = [want({ sinceMs: 3 * MINUTE_MS }), want({ sinceMs: 2 * MINUTE_MS }), want()];
  expect(asked.map(({ query }) => query)).toEqual([
    { projectId: 'p', states: ['done'], minCreationTimeMs: 5 * MINUTE_MS },
  ]);
  await asked[0]?.answer();
  await asked[1]?.answer();
  expect(await first.listed).toBe('listed');
  expect(asked.slice(1).map(({ query }) => query)).toEqual([
    { projectId: 'p', states: ['pending', 'running'], maxCreationTimeMs: 5 * MINUTE_MS },
    { projectId: 'p', states: ['done'], minCreationTimeMs: MINUTE_MS },
  ]);
  await asked[2]?.answer();
  await asked[3]?.answer();
  expect(await Promise.all(later.map(({ listed }) => listed))).toEqual(['listed', 'listed', 'listed']);
  expect(asked).toHaveLength(4);
  expect(asked[3]?.query).toMatchObject({ maxCreationTimeMs: MINUTE_MS });
  expect([first, ...later].map(({ seen }) => seen.length)).toEqual([2, 2, 2, 2]);
});

test.each([
  { name: 'of another project', more: { projectId: 'q' } },
  { name: 'of other states', more: { states: ['running'] } as const },
  { name: 'that goes back ten minutes further', more: { sinceMs: 11 * MINUTE_MS } },
  { name: 'of another span, whose calls have another deadline', more: {}, within: newSpan() },
])('a list $name waits for none', async ({ more, within }) => {
  const { asked, want } = listing();
  want();
  want(more, within);
  expect(asked).toHaveLength(2);
});

test('a failure is told to all who share the list, and the next list begins', async () => {
  const { asked, want } = listing();
  const first = want();
  const shared = [want(), want()];
  const lost = new Error('first lost');
  await asked[0]?.fail(lost);
  expect(await first.listed).toBe(lost);
  const refused = new Error('second refused');
  const last = want();
  await asked[1]?.fail(refused);
  expect(await Promise.all(shared.map(({ listed }) => listed))).toEqual([refused, refused]);
  await asked[2]?.answer();
  await asked[3]?.answer();
  expect(await last.listed).toBe('listed');
  want();
  expect(asked).toHaveLength(5);
});

test('one who has seen enough keeps no page from others, and no page is asked for once all have', async () => {
  const { asked, want } = listing();
  want();
  const seen: string[] = [];
  const once = want({ take: () => seen.push('once') < 0 });
  const all = want({ take: () => seen.push('all') < 4 });
  for (const nth of [0, 1, 2, 3]) await asked[nth]?.answer();
  expect(await Promise.all([once.listed, all.listed])).toEqual(['listed', 'listed']);
  expect(seen).toEqual(['once', 'all', 'all']);
  const enough = want({ take: () => false });
  await asked[4]?.answer();
  expect(await enough.listed).toBe('listed');
  expect(asked).toHaveLength(5);
});
