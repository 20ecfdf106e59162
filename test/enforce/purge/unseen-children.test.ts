import { describe, expect, test } from 'vitest';
import { planPurge } from '../../../shared/enforce/purge-by-hand.ts';
import type { PurgePorts } from '../../../shared/enforce/purge-ports.ts';
import type { JobScript } from '../../../simulator/job-script.ts';
import { jobAlerts } from '../../watchdog.ts';
import {
  asked,
  deleted,
  HOUR_MS,
  MINUTE_MS,
  nameOf,
  type Purging,
  type PurgingOptions,
  START_MS,
  scheduled,
} from './purging.ts';

/** A script with two children, of which lists show one at the most, however long it ended ago. */
function scheduledScript(holds?: string, options: PurgingOptions = {}): Promise<Purging> {
  const through = (ports: PurgePorts): PurgePorts => {
    const { jobs } = ports;
    const list: PurgePorts['jobs']['list'] = async function* (query, call) {
      for await (const page of jobs.list(query, call)) yield { ...page, jobs: page.jobs.slice(0, 1) };
    };
    return { ...ports, jobs: { ...jobs, list } };
  };
  const script: Partial<JobScript> = { children: [{}, {}], createdAtMs: START_MS - HOUR_MS };
  return scheduled({ through, ...(holds !== undefined && { holds }), ...options }, script);
}

const onHold = (match: string): string =>
  `version: 1\nholds:\n  - { id: case-1, reason: r, until: indefinite, match: { ${match} } }\n`;

describe('children that a job tells of and no list shows', () => {
  test('go with it where no hold may be on one, and the certificate and the alert count them', async () => {
    const purging = await scheduledScript();
    await purging.pass(20 * MINUTE_MS);
    expect(deleted(purging)).toContain('job');
    expect(await purging.ledger.certificateOf(nameOf('job'))).toMatchObject({
      children: [expect.any(String)],
      childrenUnseen: 1,
    });
    const [told] = jobAlerts(purging.alerts).filter(({ data }) => data.step === 'purged');
    expect(told).toMatchObject({ data: { purge: { children: 1, childrenUnseen: 1 } } });
  });

  test('keep it while a hold may be on one, of which people are told', async () => {
    const purging = await scheduledScript(onHold('jobs: ["my-project:US.who_knows"]'));
    await purging.pass(2 * HOUR_MS);
    expect(asked(purging)).toBe(0);
    expect(purging.told()).toEqual(['observed held']);
    expect(JSON.stringify(purging.alerts)).toContain(
      'it is kept, for a hold (case-1) may be on one of 1 children that no list shows',
    );
    const plan = await purging.clock.run(planPurge(nameOf('job'), purging.span(), purging.ports));
    expect(plan).toMatchObject({ kind: 'on-hold', hold: { hold: 'case-1', unseen: 1 } });
    purging.setHolds(onHold('projects: another'));
    await purging.pass(2 * HOUR_MS);
    expect(deleted(purging)).toContain('job');
  });

  test('that an earlier look had found are not unseen, once a delete has taken them', async () => {
    let isTaken = false;
    const through = (ports: PurgePorts): PurgePorts => {
      const { jobs } = ports;
      const list: PurgePorts['jobs']['list'] = async function* (query, call) {
        for await (const page of jobs.list(query, call)) yield isTaken ? { ...page, jobs: [] } : page;
      };
      return { ...ports, jobs: { ...jobs, list } };
    };
    const purging = await scheduledScript(onHold('jobs: ["my-project:US.who_knows"]'), { through });
    purging.simulator.applyFaultSettings({
      rules: [{ methods: ['delete'], fault: { kind: 'unavailable' } }],
    });
    await purging.pass(16 * MINUTE_MS);
    isTaken = true;
    purging.simulator.applyFaultSettings({ rules: [] });
    await purging.pass(20 * MINUTE_MS);
    expect(deleted(purging)).toContain('job');
  });
});
