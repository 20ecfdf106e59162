import { formatJobName } from '../shared/job/job-name.ts';
import type { Certificate } from '../shared/ledger/ledger.ts';
import { isoTime } from './job-view.ts';

/** A certificate for programs, with its times as text. */
export function certificateToJson(certificate: Certificate) {
  const { job, seenDoneAtMs, askedAtMs, verifiedAtMs, ...rest } = certificate;
  return {
    job: formatJobName(job),
    ...rest,
    seenDoneAt: isoTime(seenDoneAtMs),
    askedAt: askedAtMs.map(isoTime),
    verifiedAt: isoTime(verifiedAtMs),
  };
}

/** "credentials in configuration.query.query; principals in user_email" */
export function printFound(found: Certificate['found']): string {
  return found.map(({ detector, field }) => `${detector} in ${field}`).join('; ');
}
