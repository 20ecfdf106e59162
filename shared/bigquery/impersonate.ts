import type { Clock } from '../ports/clock.ts';
import { type CallContext, calledIn } from './error-from-answer.ts';
import { JobsApiError, TerminalError, UnauthenticatedError, UnavailableError } from './errors.ts';
import type { LastCheck } from './jobs-api.ts';
import { checkLast } from './last-check.ts';
import type { Sealed } from './sealed.ts';
import { SharedExchange } from './shared-exchange.ts';
import {
  type CallAs,
  readToken,
  type TokenAnswer,
  type TokenRequest,
  tokenRequest,
} from './token-request.ts';

/** Who can act as service accounts: the seam below which IAM Credentials stands. */
export interface Impersonator {
  /**
   * A token for the account of the call: BigQuery's scope only, good for a while yet.
   * Throws a `JobsApiError` that speaks of the call, which was then not sent.
   */
  tokenFor(call: CallAs, signal: AbortSignal): Promise<Sealed<string>>;
  /** Its token is not accepted: the next one is asked for anew. */
  forget(account: string): void;
}

/** One exchange with IAM Credentials as the watchdog's own account. Throws what the transport throws. */
export type TokenExchange = (request: TokenRequest, signal: AbortSignal) => Promise<TokenAnswer>;

interface KeptToken {
  readonly token: Sealed<string>;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A call that starts with a token must also end with it. */
const MARGIN_MS = 30_000;

/** What IAM Credentials answered, and when it was asked. */
interface Asked {
  readonly answer: TokenAnswer;
  readonly sinceMs: number;
}

/**
 * Tokens by account, each kept until 30 s before its end on the clock handed in. Its life is measured from before
 * it was asked for, so that the answer's way does not prolong it. Calls of one account that want one at the same
 * moment wait for one exchange, and each tells of its failure as its own; of a failure nothing is kept.
 */
export function createImpersonator(clock: Pick<Clock, 'now'>, exchange: TokenExchange): Impersonator {
  const kept = new Map<string, KeptToken>();
  const exchanges = new SharedExchange<Asked>();
  return {
    tokenFor: async (call, signal) => {
      const request = tokenRequest(call);
      const { account } = call;
      const nowMs = clock.now();
      const found = kept.get(account);
      // Before its time, too: then the clock was set back, and says nothing of how old it is.
      if (found !== undefined && nowMs >= found.sinceMs && nowMs < found.untilMs) return found.token;
      const asked = exchanges.share(account, signal, async (whileWanted) => ({
        sinceMs: nowMs,
        answer: await exchange(request, whileWanted),
      }));
      const { answer, sinceMs } = await asked.catch((error: unknown) => {
        throw notReached(call, error);
      });
      const { token, lifetimeMs } = readToken(call, answer);
      kept.set(account, { token, sinceMs, untilMs: sinceMs + lifetimeMs - MARGIN_MS });
      return token;
    },
    forget: (account) => {
      kept.delete(account);
    },
  };
}

function notReached(call: CallAs, error: unknown): JobsApiError {
  if (error instanceof JobsApiError) return error;
  const because = 'IAM Credentials could not be reached';
  return new UnavailableError(calledIn(call), { because, outcome: 'not-done' });
}

/** Sends with a token of the call's account. A token that BigQuery does not accept is not used again. */
export async function sendAs<T>(
  impersonator: Impersonator | undefined,
  call: CallContext & { readonly account: string },
  signal: AbortSignal,
  send: (authorization: string) => Promise<T>,
  isStillWanted?: LastCheck,
): Promise<T> {
  if (impersonator === undefined) {
    throw new TerminalError(calledIn(call), 'nothing is there to act as another account; nothing was sent');
  }
  const token = await impersonator.tokenFor(call, signal);
  await checkLast(call, signal, isStillWanted);
  try {
    return await send(`Bearer ${token.take()}`);
  } catch (error) {
    if (error instanceof UnauthenticatedError) impersonator.forget(call.account);
    throw error;
  }
}
