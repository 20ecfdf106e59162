import type { Detector } from '../detector.ts';
import { credentials } from './credentials.ts';
import { creditCard } from './credit-card.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { usSsn } from './us-ssn.ts';

/** Every detector that a policy can name. A new one is a file, a line here, and a row in docs/sensitive.md. */
export const ALL_DETECTORS: readonly Detector[] = [credentials, creditCard, iban, usSsn, email];
