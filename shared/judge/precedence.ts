import type { Finding } from './verdict.ts';

/**
 * Which finding comes first, and so whose act follows. One ordered list: the first entry that holds is the
 * finding's rank. Of equals, the one whose policy stands first in the file wins.
 */
const RANKS: readonly ((finding: Finding) => boolean)[] = [
  // A cancel that is carried out: the severest thing the watchdog does here.
  (finding) => isAct(finding),
  // A cancel that would be carried out, were the job of a kind that can be stopped.
  (finding) => finding.degree === 'crossed' && finding.action === 'cancel' && finding.mode === 'enforce',
  // A cancel that is only observed: nothing is touched, so it never keeps an enforced one from happening.
  (finding) => finding.degree === 'crossed' && finding.action === 'cancel',
  // A limit crossed of which people are told.
  (finding) => finding.degree === 'crossed',
  // Close to a limit.
  () => true,
];

/** Whether the finding asks for an act: an enforced cancel of a job that can be stopped. */
export function isAct(finding: Finding): boolean {
  const { degree, action, mode, cannot } = finding;
  return degree === 'crossed' && action === 'cancel' && mode === 'enforce' && cannot === undefined;
}

/** Severest first; given in the order of the file, equals stay in it. */
export function bySeverity(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => rank(a) - rank(b));
}

function rank(finding: Finding): number {
  return RANKS.findIndex((holds) => holds(finding));
}
