import type { PriceTable } from '../cost/price-table.ts';
import type { Job } from '../job/job.ts';
import type { CancelPolicy } from '../policy/policy.ts';
import { printAmount, printMeasured } from '../units/amount.ts';
import { ceilCents, printUsd } from '../units/usd.ts';
import { aftermath } from './aftermath.ts';
import type { Finding, Measured } from './verdict.ts';

/** Below it an upper bound in whole cents says too little. */
const LEAST_CENT_USD = 0.01;

/** A finding with its sentence. `measured` is absent for a policy that fires on its match alone. */
export function toFinding(
  policy: CancelPolicy,
  job: Job,
  degree: Finding['degree'],
  measured: Measured | undefined,
  prices: PriceTable,
): Finding {
  // A copy job does not stop when cancelled [doc: managing-tables.md].
  const isCancel = degree === 'crossed' && policy.action === 'cancel';
  const cannot = isCancel && job.type === 'COPY';
  const more = cannot ? '; a copy job cannot be stopped' : aftermath(job, prices, { measured, isCancel });
  return {
    policy: policy.name,
    degree,
    action: policy.action,
    mode: policy.mode,
    ...(measured && { measured }),
    sentence: sentenceOf(policy, measured) + more,
    ...(cannot && { cannot: 'copy-job' }),
  };
}

function sentenceOf(policy: CancelPolicy, measured: Measured | undefined): string {
  if (measured === undefined) return `is of a kind that ${policy.name} does not allow`;
  const limit = policy.limits.find((entry) => entry.limit.key === measured.limit)?.limit;
  const value = printValue(measured);
  const allowed = printAmount(measured.unit, measured.allowed);
  const told = limit
    ? limit.sentence(value, allowed, measured.basis)
    : `stands at ${value} of at most ${allowed}`;
  return `${told} allowed by ${policy.name}`;
}

/** What was used is rounded down; what a job may cost at most, up, as wherever else it is told. */
function printValue({ unit, value, allowed, basis }: Measured): string {
  const isBound = unit === 'usd' && basis === 'estimate';
  return isBound && value >= LEAST_CENT_USD
    ? printUsd(ceilCents(value))
    : printMeasured(unit, value, allowed);
}
