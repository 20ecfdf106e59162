import { expect, test } from 'vitest';
import { AlertFeed } from '../../demo/alert-feed.ts';
import { openLog } from '../../functions/log.ts';
import type { Alert } from '../../shared/alert/alert.schema.ts';
import { logPublisher } from '../../shared/alert/log-publisher.ts';
import { breakerTripped } from '../../shared/alert/system-alert.ts';

test('alerts of the log are told once each; warnings that no alert tells are counted; the rest is passed over', async () => {
  const told: Alert[] = [];
  const feed = new AlertFeed((alert) => told.push(alert));
  const log = openLog((line) => feed.writeLine(line), { now: () => 0 }, 'cancel');
  const first = breakerTripped('cancel', 'huge-scan', 'a test', 1);
  const second = breakerTripped('cancel', 'huge-scan', 'a test', 2);
  for (const alert of [first, first, second, first]) await logPublisher(log).publish({ ...alert });
  log.warning('job runs on after a cancel');
  log.warning('message not done');
  log.warning('message not done');
  log.notice('cancel requested');
  expect(told).toEqual([first, second]);
  expect([...feed.warnings]).toEqual([['message not done', 2]]);
});
