import type { ClaimAnswer, ClaimRequest } from '../ledger/ledger.ts';
import { type HeldWork, holdWork, type Work } from './hold-work.ts';
import type { EnforcePorts, Span } from './ports.ts';

/** How long to wait for an instance that is at the same job, before looking whether it let go. */
const HELD_WAIT_MS = 2_000;

type WinPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'verb' | 'holder' | 'leaseMs'>;

/** Wins a claim by hand. Whoever has it lets go of it within its own horizon, so it is waited for until ours. */
export function winInTime(
  claim: Omit<ClaimRequest, 'verb' | 'holder' | 'leaseMs'>,
  span: Span,
  { clock, ledger, verb, holder, leaseMs }: WinPorts,
): Promise<ClaimAnswer> {
  const win = () => ledger.win({ ...claim, verb, holder, leaseMs });
  return inTime(win, ({ kind }) => kind !== 'held', span, clock);
}

/** Holds work by hand, as `holdWork`. Whoever is about to insert what is alike is waited for until the horizon. */
export function holdInTime(work: Work, span: Span, ports: WinPorts): Promise<HeldWork | undefined> {
  return inTime(
    () => holdWork(work, ports),
    (held) => held !== undefined,
    span,
    ports.clock,
  );
}

async function inTime<T>(
  take: () => Promise<T>,
  isTaken: (answer: T) => boolean,
  { horizonAtMs }: Span,
  clock: EnforcePorts['clock'],
): Promise<T> {
  for (;;) {
    const answer = await take();
    if (isTaken(answer) || clock.now() + HELD_WAIT_MS > horizonAtMs) return answer;
    await clock.sleep(HELD_WAIT_MS);
  }
}
