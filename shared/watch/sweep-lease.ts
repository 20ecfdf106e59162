import type { EnforcePorts, Span } from '../enforce/ports.ts';

/** So much longer than its horizon a sweep may take before the next one no longer waits for it. */
const MARGIN_MS = 30_000;
const RENEW_AFTER_MS = 10_000;

export interface SweepLease {
  /** Says that the sweep is alive. Cheap: it writes at most every few seconds. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

/**
 * One sweep per project and verb at a time. Two at once do no harm, for every act has a claim of its own:
 * the lease saves the calls. So it is short, and renewed by a sweep that makes progress; one that died does
 * not keep the next ticks from looking.
 */
export async function takeSweepLease(
  projectId: string,
  id: string,
  span: Span,
  { ledger, clock, verb }: Pick<EnforcePorts, 'ledger' | 'clock' | 'verb'>,
): Promise<SweepLease | undefined> {
  const name = `sweep/${verb}/${projectId}`;
  const take = (): Promise<string | undefined> =>
    ledger.takeLease(name, id, Math.max(0, span.horizonAtMs - clock.now()) + MARGIN_MS);
  let takenAtMs = clock.now();
  let version = await take();
  if (version === undefined) return undefined;
  return {
    async renew() {
      if (clock.now() - takenAtMs < RENEW_AFTER_MS) return;
      takenAtMs = clock.now();
      version = (await take()) ?? version;
    },
    async release() {
      if (version !== undefined) await ledger.releaseLease(name, version);
    },
  };
}
