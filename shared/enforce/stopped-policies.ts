import { LedgerUnavailableError } from '../ledger/errors.ts';
import type { Policies } from '../policy/policy.ts';
import { withMode } from '../policy/with-mode.ts';
import type { Soon } from '../ports/soon.ts';
import type { EnforcePorts, PolicyInForce } from './ports.ts';

type StopPorts = Pick<EnforcePorts, 'clock' | 'ledger' | 'log'>;

/** What the owner's file says, whoever stopped the watchdog. */
export type FilePolicies = Pick<PolicyInForce, 'latest' | 'recent'>;

/** Where jobs are only nominated, a stop that is known is read again so often, to see whether it still stands. */
const RECENT_MS = 10_000;

/**
 * The policies of the file, judged as if each were in mode observe while a person has stopped all acts
 * (`bq-watchdog stop`). The stop stands in the ledger, so it holds in every instance: no act is done and no job
 * looked at without reading it. To nominate touches nothing, so as long as no stop is known, that reads none: who
 * is nominated is looked at.
 */
export function stoppable(file: FilePolicies, ports: StopPorts): PolicyInForce {
  return new StoppablePolicies(file, ports);
}

const NONE: ReadonlySet<string> = new Set();

class StoppablePolicies implements PolicyInForce {
  readonly #file: FilePolicies;
  readonly #ports: StopPorts;
  #isStopped = false;
  /** Reads may overtake each other: none that began earlier overrules what a later one told. */
  #begun = 0;
  #told = 0;
  #readAtMs = Number.NEGATIVE_INFINITY;
  /** The policies that were last made to observe, and what became of them. */
  #observed: { readonly file: Policies; readonly policies: Policies } | undefined;
  /** Names of policies that would be enforced, were it not for the stop. */
  #held = NONE;

  constructor(file: FilePolicies, ports: StopPorts) {
    this.#file = file;
    this.#ports = ports;
  }

  async latest(): Promise<Policies> {
    const policies = await this.#file.latest();
    await this.#read();
    return this.#inForce(policies);
  }

  recent(): Soon<Policies> {
    const policies = this.#file.recent();
    if (policies instanceof Promise || this.#isStopped) return this.#recentOnceRead(policies);
    return this.#inForce(policies);
  }

  async #recentOnceRead(file: Soon<Policies>): Promise<Policies> {
    const policies = await file;
    const ageMs = this.#ports.clock.now() - this.#readAtMs;
    if (this.#isStopped && !(ageMs >= 0 && ageMs <= RECENT_MS)) await this.#tryToRead();
    return this.#inForce(policies);
  }

  isStopped(policy: string): boolean {
    return this.#held.has(policy);
  }

  async #read(): Promise<void> {
    const turn = ++this.#begun;
    const stop = await this.#ports.ledger.stopped();
    if (turn < this.#told) return;
    this.#told = turn;
    this.#readAtMs = this.#ports.clock.now();
    const { log } = this.#ports;
    const isStopped = stop !== undefined;
    if (isStopped && !this.#isStopped) {
      log.warning('stopped by a person, everything is only observed', {
        by: stop.by,
        since: new Date(stop.atMs).toISOString(),
      });
    }
    if (!isStopped && this.#isStopped) log.notice('resumed by a person');
    this.#isStopped = isStopped;
  }

  /** A nomination touches nothing, so an unreachable ledger keeps nobody from judging: acts need it anyway. */
  async #tryToRead(): Promise<void> {
    try {
      await this.#read();
    } catch (error) {
      if (!(error instanceof LedgerUnavailableError)) throw error;
      this.#readAtMs = this.#ports.clock.now();
      this.#ports.log.warning('whether all acts are still stopped could not be read', { error });
    }
  }

  #inForce(file: Policies): Policies {
    if (!this.#isStopped) {
      this.#held = NONE;
      return file;
    }
    if (this.#observed?.file !== file) this.#observed = { file, policies: withMode(file, 'observe') };
    const cancelling = file.cancel.filter(({ action }) => action === 'cancel');
    const acting = [...cancelling, ...file.retry, ...file.purge];
    const enforced = acting.filter(({ mode }) => mode === 'enforce');
    this.#held = new Set(enforced.map(({ name }) => name));
    return this.#observed.policies;
  }
}
