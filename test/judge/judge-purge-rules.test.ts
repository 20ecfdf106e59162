import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChainState } from '../../shared/judge/judge-purge.ts';
import { NO_HOLDS } from '../../shared/policy/holds/holds.ts';
import {
  CARD,
  ENDED_AT_MS,
  FAILED,
  family,
  HOUR_MS,
  holdsOf,
  type JobParts,
  judged,
} from './judging-purges.ts';

const POLICIES = [
  '- { name: cards, sensitive: { detectors: [creditCard, email] }, purge: { after: 0s } }',
  '- { name: seen, mode: observe, sensitive: { principals: "*@example.com" }, purge: { after: 1h } }',
  '- { name: labelled, sensitive: { labels: { x: y } }, purge: { after: 1d, afterFailure: 1m } }',
  '- { name: not-ada, except: { principals: "ada@*" }, sensitive: { detectors: email }, purge: {} }',
  '- { name: again, match: { principals: "etl@*" }, retry: { deadline: 6h } }',
];

const parts: fc.Arbitrary<JobParts> = fc
  .record({
    text: fc.constantFrom('x', CARD, 'jane@example.com'),
    labels: fc.constantFrom({}, { x: 'y' }, { keep: 'yes' }),
    who: fc.constantFrom('ada@example.com', 'etl@my-project.iam.gserviceaccount.com', undefined),
    status: fc.constantFrom({}, FAILED, { state: 'RUNNING' }),
  })
  .map(({ text, labels, who, status }) => ({
    sql: `SELECT '${text}'`,
    configuration: { labels },
    own: { user_email: who },
    status,
  }));

const chains: fc.Arbitrary<ChainState> = fc.oneof(
  fc.constantFrom<ChainState>({ kind: 'none' }, { kind: 'over' }),
  fc.record({
    kind: fc.constantFrom('under-way' as const, 'origin-stands' as const),
    untilMs: fc.integer({ min: ENDED_AT_MS - HOUR_MS, max: ENDED_AT_MS + 48 * HOUR_MS }),
  }),
);

const worlds = fc.record({
  root: parts,
  children: fc.array(parts, { maxLength: 3 }),
  policies: fc.shuffledSubarray(POLICIES, { minLength: 1 }),
  chain: chains,
  nowMs: fc.integer({ min: ENDED_AT_MS, max: ENDED_AT_MS + 30 * HOUR_MS }),
});

test('whatever detectors say, a held family is never purged', () => {
  fc.assert(
    fc.property(worlds, fc.integer({ min: 0, max: 3 }), ({ root, children, policies, ...facts }, at) => {
      const of = family(root, ...children);
      const held = [of.root, ...of.children][at] ?? of.root;
      const holds = holdsOf(
        `- { id: a, reason: r, until: 2027-01-01, match: { jobs: "shop:${held.job.name.jobId}" } }`,
      );
      const verdict = judged(policies.join('\n'), of, { ...facts, holds });
      expect(verdict.act).toBeUndefined();
      expect(verdict.findings).toEqual(judged(policies.join('\n'), of, facts).findings);
    }),
  );
});

test('an act is that of the first finding, in force, never before it is due nor before what it waits for', () => {
  fc.assert(
    fc.property(worlds, ({ root, children, policies, ...facts }) => {
      const { findings, act, waits } = judged(policies.join('\n'), family(root, ...children), {
        ...facts,
        holds: NO_HOLDS,
      });
      const [first] = findings;
      expect(act?.policy).toBe(first?.mode === 'enforce' ? first.policy : undefined);
      expect(act?.dueAtMs ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(
        Math.max(first?.dueAtMs ?? 0, waits?.untilMs ?? 0),
      );
      if (root.status?.['state'] === 'RUNNING') expect(findings).toEqual([]);
      for (const { because, sentence } of findings) {
        expect(because).not.toHaveLength(0);
        expect(sentence).not.toMatch(/4111|jane/);
      }
    }),
  );
});
