/**
 * One of several processes that want the same acts: `racing-process.ts ADDRESS NAME JOBS`. Starts when its
 * input ends, so that all start at once; prints what it won as one line of JSON.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../shared/ledger/open-store.ts';
import { StoreAddress } from '../../shared/ledger/store-address.schema.ts';
import { openLedger } from '../../shared/ledger/stored-ledger.ts';
import { alert, HOUR_MS, JOB, request } from './ledger-examples.ts';
import { ManualClock } from './manual-clock.ts';

const [address = '', name = '', jobs = '0'] = process.argv.slice(2);
process.stdout.write('ready\n');
process.stdin.resume();
await once(process.stdin, 'end');

const { nowMs } = new ManualClock();
// The processes stand at one moment, but wait for each other's locks by the machine's time.
const clock = {
  now: () => nowMs,
  sleep: (ms: number, signal?: AbortSignal) => sleep(ms, undefined, signal && { signal }),
};
const projectId = process.env['GOOGLE_CLOUD_PROJECT'];
// They wait for the machine, which has other things to do, and not for a deadline.
const surroundings = { clock, projectId, answerWithinMs: 100_000 };
const ledger = openLedger(openStore(StoreAddress.parse(address), surroundings), clock);
const won: string[] = [];
let slots = 0;
for (let index = 0; index < Number(jobs); index++) {
  const job = { ...JOB, jobId: `job_${index}` };
  const answer = await ledger.win(request({ job, holder: name }));
  if (answer.kind === 'won') {
    won.push(job.jobId);
    await ledger.advance(answer.held, { state: 'asked', askedAtMs: [clock.now()] }, [alert(job.jobId)]);
  }
  await ledger.addAlerts([alert(job.jobId), alert(`also ${job.jobId}`)]);
  await ledger.countAlert('long', clock.now());
  if (
    (await ledger.takeSlot({ verb: 'cancel', policy: 'long' }, `${name} ${index}`, 10, HOUR_MS)) === 'taken'
  )
    slots++;
}
await ledger.close();
process.stdout.write(`${JSON.stringify({ won, slots })}\n`);
