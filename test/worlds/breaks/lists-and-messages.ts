import type { Break } from './break.ts';

/** How a sweep learns what is, and what comes of the messages that ask for it. */
export const LISTS_AND_MESSAGES: readonly Break[] = [
  {
    name: 'only the first page is judged',
    rule: 'section 1: the tick is the truth',
    file: 'shared/bigquery/list-pages.ts',
    from: 'while (pageToken !== undefined);',
    to: 'while (pageToken !== undefined && seen.size === 0);',
  },
  {
    name: 'locations that were not reached are not told',
    rule: 'section 1: unreachable',
    file: 'shared/bigquery/list-pages.ts',
    from: 'unreachable: [...new Set(body.unreachable?.map(locationOf))],',
    to: 'unreachable: [].map(locationOf),',
  },
  {
    name: 'all projects share one lease',
    rule: 'section 1: one message per project',
    file: 'shared/watch/sweep-lease.ts',
    from: 'ledger.takeLease(name, id,',
    to: 'ledger.takeLease(verb, id,',
  },
  {
    name: 'a project that may not be listed is told to nobody',
    rule: 'section 3: failures',
    file: 'shared/watch/sweep.ts',
    from: 'if (!mayPass || error instanceof UnauthenticatedError) await',
    to: 'if (error instanceof UnauthenticatedError) await',
  },
  {
    name: 'a missing permission is told for each job',
    rule: 'section 3: outbox',
    file: 'shared/alert/system-alert.ts',
    from: 'identity: [projectId, permission, String',
    to: 'identity: [projectId, detail, String',
  },
  {
    name: 'a continuation is dropped',
    rule: 'section 1: continuation',
    file: 'functions/push.ts',
    from: '  await sweepMessages.publish(ports.verb, projectId);\n',
    to: '',
  },
  {
    name: 'an unfinished sweep counts as done',
    rule: 'section 1: continuation',
    file: 'functions/push.ts',
    from: 'return complete ? worstOf(faults) : continueSweep',
    to: 'return complete || projectId ? worstOf(faults) : continueSweep',
  },
  {
    name: 'a tick reaches the first project only',
    rule: 'section 1: one message per project',
    file: 'functions/tick-runtime.ts',
    from: 'projects.map((project) => sweep',
    to: 'projects.slice(0, 1).map((project) => sweep',
  },
  {
    name: "a person's stop is not seen",
    rule: 'rule 1',
    file: 'shared/ledger/stop.ts',
    from: 'stopped: async () => (await read(store))?.stop,',
    to: 'stopped: async () => (await read(store), undefined),',
  },
  {
    name: 'older entries lose their location',
    rule: 'rule 10',
    file: 'shared/job/from-audit-data.ts',
    from: 'jobName?.location ?? location',
    to: 'location',
  },
  {
    name: 'a quota that is used up is for good',
    rule: 'rule 9',
    file: 'shared/bigquery/error-from-answer.ts',
    from: "  'quotaExceeded',\n",
    to: '',
  },
];
