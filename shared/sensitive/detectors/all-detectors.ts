import type { Detector } from '../detector.ts';
import { DETECTOR_NAMES, type DetectorName } from '../detector-names.ts';
import { credentials } from './credentials.ts';
import { creditCard } from './credit-card.ts';
import { email } from './email.ts';
import { iban } from './iban.ts';
import { usSsn } from './us-ssn.ts';

/** What each name stands for. A new one is a file, a line here and in `detector-names.ts`, and a row in docs/sensitive.md. */
const DETECTORS: Readonly<Record<DetectorName, Detector>> = { credentials, creditCard, iban, usSsn, email };

/** Every detector that a policy can name. */
export const ALL_DETECTORS: readonly Detector[] = DETECTOR_NAMES.map((name) => DETECTORS[name]);
