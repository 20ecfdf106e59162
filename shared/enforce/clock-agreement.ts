import type { EnforcePorts } from './ports.ts';

type Clocked = Pick<EnforcePorts, 'clock'>;

/** A look takes longer than this now and then: an agreement of so long ago is as good as a look of now. */
const GOOD_FOR_MS = 1_000;

/** For each clock, what it showed when an answer of BigQuery's last agreed with it. */
const AGREED_AT_MS = new WeakMap<Clocked['clock'], number>();

/** An answer that came at `atMs` by our clock agrees with it. */
export function noteAgreement(atMs: number, { clock }: Clocked): void {
  AGREED_AT_MS.set(clock, atMs);
}

/** An answer disagrees, or tells no time. */
export function forgetAgreement({ clock }: Clocked): void {
  AGREED_AT_MS.delete(clock);
}

/** Whether our clock agreed with BigQuery's within the last second. One that jumped since shows another time. */
export function haveJustAgreed({ clock }: Clocked): boolean {
  const agreedAtMs = AGREED_AT_MS.get(clock);
  if (agreedAtMs === undefined) return false;
  const ageMs = clock.now() - agreedAtMs;
  return ageMs >= 0 && ageMs <= GOOD_FOR_MS;
}
