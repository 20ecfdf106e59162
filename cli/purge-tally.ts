import type { Surveyed, SurveyedJob } from '../shared/watch/purge-survey.ts';

/** How many jobs that would be purged have this in common. */
export interface PurgeGroup {
  readonly policy: string;
  readonly principal: string;
  /** Names of detectors and of keys of the policy, in the order of their names. */
  readonly detectors: string;
  readonly jobs: number;
}

/** Counts what a survey tells, and keeps the jobs that would be purged. */
export class PurgeTally {
  readonly wanted: SurveyedJob[] = [];
  readonly kept = new Map<string, number>();
  looked = 0;
  observed = 0;
  undecided = 0;
  failures = 0;

  count(surveyed: Surveyed): void {
    switch (surveyed.kind) {
      case 'wanted':
        this.wanted.push(surveyed.job);
        break;
      case 'kept':
        this.kept.set(surveyed.by, (this.kept.get(surveyed.by) ?? 0) + 1);
        break;
      case 'observed':
        this.observed++;
        break;
      case 'undecided':
        this.undecided++;
        break;
      case 'failed':
      case 'gap':
        this.failures++;
        break;
      case 'slice':
        this.looked += surveyed.jobs;
        break;
    }
  }

  /** The largest first. */
  groups(): readonly PurgeGroup[] {
    const groups = new Map<string, PurgeGroup>();
    for (const { principal = '', finding } of this.wanted) {
      const { policy } = finding;
      const names = new Set(finding.because.map(({ detector }) => detector));
      const detectors = [...names].toSorted().join(', ');
      const key = JSON.stringify([policy, principal, detectors]);
      const jobs = (groups.get(key)?.jobs ?? 0) + 1;
      groups.set(key, { policy, principal, detectors, jobs });
    }
    return [...groups.values()].toSorted((a, b) => b.jobs - a.jobs);
  }
}
