/**
 * What a policy can call built-in detectors. Names alone, for they stand in a file that functions read which detect
 * nothing: the detectors themselves are loaded with whoever judges by them.
 */
export const DETECTOR_NAMES = ['credentials', 'creditCard', 'iban', 'usSsn', 'email'] as const;
export type DetectorName = (typeof DETECTOR_NAMES)[number];
