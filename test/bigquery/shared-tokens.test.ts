import { describe, expect, test } from 'vitest';
import { createImpersonator, type Impersonator } from '../../shared/bigquery/impersonate.ts';
import type { CallAs, TokenAnswer } from '../../shared/bigquery/token-request.ts';
import { DATE, DATE_MS } from './google-error.ts';

const ETL = 'etl@my-project.iam.gserviceaccount.com';
const OTHER = 'other@my-project.iam.gserviceaccount.com';
const STILL = new AbortController().signal;

/** One exchange, which is answered when the test says so. */
interface Exchange {
  readonly path: string;
  readonly signal: AbortSignal;
  answer(answer: TokenAnswer): void;
  fail(error: Error): void;
}

interface Asking {
  readonly time: { nowMs: number };
  readonly exchanges: Exchange[];
  /** The token, or the error that the call is told. */
  ask(target: string, account?: string, signal?: AbortSignal): Promise<unknown>;
}

function asking(): Asking {
  const time = { nowMs: 1_000 };
  const exchanges: Exchange[] = [];
  const impersonator: Impersonator = createImpersonator({ now: () => time.nowMs }, ({ path }, signal) => {
    const { promise, resolve, reject } = Promise.withResolvers<TokenAnswer>();
    exchanges.push({ path, signal, answer: resolve, fail: reject });
    return promise;
  });
  const callOf = (target: string, account: string): CallAs => ({ method: 'insert', target, account });
  return {
    time,
    exchanges,
    ask: async (target, account = ETL, signal = STILL) => {
      const asked = impersonator.tokenFor(callOf(target, account), signal);
      return asked.then(
        (token) => token.take(),
        (error: unknown) => error,
      );
    },
  };
}

const granted = (accessToken: string, lifetimeMs = 300_000): TokenAnswer => ({
  status: 200,
  headers: { date: DATE },
  body: { accessToken, expireTime: new Date(DATE_MS + lifetimeMs).toISOString() },
});

describe('calls that want a token at the same moment', () => {
  test('as one account get the one that the first of them asked for', async () => {
    const { exchanges, ask } = asking();
    const tokens = Promise.all(['a', 'b', 'c'].map((target) => ask(target)));
    expect(exchanges).toHaveLength(1);
    exchanges[0]?.answer(granted('one'));
    expect(await tokens).toEqual(['one', 'one', 'one']);
    expect(await ask('later')).toBe('one');
    expect(exchanges).toHaveLength(1);
  });

  test('as several accounts get one of each', async () => {
    const { exchanges, ask } = asking();
    const tokens = Promise.all([ask('a'), ask('b', OTHER), ask('c'), ask('d', OTHER)]);
    const [etl, other] = exchanges;
    expect(exchanges.map(({ path }) => decodeURIComponent(path).includes(OTHER))).toEqual([false, true]);
    other?.answer(granted('of other'));
    etl?.answer(granted('of etl'));
    expect(await tokens).toEqual(['of etl', 'of other', 'of etl', 'of other']);
  });

  test.each([
    {
      name: 'a refusal',
      end: (exchange?: Exchange) => exchange?.answer({ status: 403, headers: {} }),
      error: 'NotImpersonableError',
    },
    {
      name: 'a broken connection',
      end: (exchange?: Exchange) => exchange?.fail(new Error('reset')),
      error: 'UnavailableError',
    },
  ])('are each told $name as their own, once, and the next one asks anew', async ({ end, error }) => {
    const { exchanges, ask } = asking();
    const told = Promise.all([ask('a'), ask('b')]);
    end(exchanges[0]);
    expect(await told).toMatchObject([
      { name: error, target: 'a' },
      { name: error, target: 'b' },
    ]);
    const next = ask('c');
    expect(exchanges).toHaveLength(2);
    exchanges[1]?.answer(granted('two'));
    expect(await next).toBe('two');
  });

  test('have it for as long as it is good from when the first of them asked', async () => {
    const { time, exchanges, ask } = asking();
    const first = ask('a');
    time.nowMs += 10_000;
    const second = ask('b');
    exchanges[0]?.answer(granted('one'));
    expect(await Promise.all([first, second])).toEqual(['one', 'one']);
    time.nowMs = 1_000 + 269_999;
    expect(await ask('in time')).toBe('one');
    time.nowMs += 1;
    void ask('too late');
    expect(exchanges).toHaveLength(2);
  });
});

describe('an exchange that is not answered', () => {
  test('goes on while anybody waits for it, and is given up with the last', async () => {
    const { exchanges, ask } = asking();
    const [one, two] = [new AbortController(), new AbortController()];
    void ask('a', ETL, one.signal);
    void ask('b', ETL, two.signal);
    one.abort();
    expect(exchanges[0]?.signal.aborted).toBe(false);
    two.abort();
    expect(exchanges[0]?.signal.aborted).toBe(true);
  });

  test('is joined by nobody once somebody gave it up', async () => {
    const { exchanges, ask } = asking();
    const impatient = new AbortController();
    void ask('a', ETL, impatient.signal);
    const patient = ask('b');
    impatient.abort();
    const next = ask('c');
    expect(exchanges).toHaveLength(2);
    exchanges[1]?.answer(granted('two'));
    expect(await next).toBe('two');
    exchanges[0]?.answer(granted('one'));
    expect(await patient).toBe('one');
  });
});
