import type { LogEntry } from '../../simulator/audit-entry.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { BigQuery, type ListedPage } from './bigquery.ts';
import { Counts } from './counts.ts';
import { CALM, CALM_CALLS } from './draw-world.ts';
import { currentDelivery, Instance } from './instance.ts';
import type { Invariant } from './invariant.ts';
import { observeRead, observeWrites, type Writer } from './ledger-observer.ts';
import { publishForged } from './messages.ts';
import { jobOf, Past } from './past.ts';
import type { FileVersion, Rates, WorldPlan } from './plan.ts';
import { type Answer, type Delivery, PubSub, pushOf } from './pubsub.ts';
import { type Random, seeded } from './random.ts';
import type { Scene } from './scene.ts';
import { SharedStore } from './shared-store.ts';
import { guiltyIn, observeLine, observePage } from './sweeps-observer.ts';
import { SWEEP_TOPICS, Ticker } from './ticker.ts';
import { Trace } from './trace.ts';
import { WorldFile } from './world-file.ts';

export interface Violation {
  readonly invariant: string;
  readonly rule: string;
  readonly atMs: number;
  readonly what: string;
}

/** A world that lives: the simulator, Pub/Sub, a ledger, the owner's file, instances, and what goes wrong. */
export class World implements Scene {
  readonly plan: WorldPlan;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly counts = new Counts();
  readonly trace: Trace;
  readonly past: Past;
  readonly bigquery: BigQuery;
  readonly pubsub: PubSub;
  readonly file: WorldFile;
  readonly store: SharedStore;
  readonly violations: Violation[] = [];
  readonly #invariants: readonly Invariant[];
  readonly #ticker: Ticker;
  readonly #slots: (Instance | undefined)[] = [];
  /** How far the clock of each place for an instance is off. */
  readonly offsets: number[] = [0, 0, 0];
  /** Until when the ledger does not answer anybody. */
  ledgerOutUntilMs = 0;
  #born = 0;
  #isStormy = true;

  constructor(plan: WorldPlan, invariants: readonly Invariant[], traced: boolean) {
    this.plan = plan;
    this.#invariants = invariants;
    this.clock = new VirtualClock(plan.startMs);
    this.random = seeded(plan.seed ^ 0x5bd1e995);
    this.trace = new Trace(traced, plan.startMs, () => this.clock.now());
    this.past = new Past(plan);
    this.file = new WorldFile(plan.files, this.clock);
    const shared = { clock: this.clock, trace: this.trace, counts: this.counts };
    this.bigquery = new BigQuery({
      ...shared,
      random: this.random.fork(),
      onLook: (instance, truth) => this.#looked(instance, truth),
      onCancel: (instance, truth) => this.#cancelled(instance, truth),
      onListed: (projectId, page) => this.#listed(projectId, page),
    });
    this.store = new SharedStore(() => this.clock.now(), {
      written: (user, writes) => this.#written(user, writes),
      read: (user, collection, key, found) =>
        observeRead(this.past, user, this.clock.now(), { collection, key }, found),
    });
    this.pubsub = new PubSub({
      ...shared,
      random: this.random.fork(),
      ackDeadlineMs: Math.min(600_000, plan.timeoutMs + 30_000),
      push: (delivery) => this.#push(delivery),
      rates: () => this.rates(),
      sent: this.past.sent,
    });
    this.#ticker = new Ticker(plan.projects, this.clock, this, (line) => {
      this.trace.add('tick', () => `logs ${line.trimEnd()}`);
    });
    for (let slot = 0; slot < plan.instances; slot++) this.#slots.push(undefined);
  }

  rates(): Rates {
    return this.#isStormy ? this.plan.rates : CALM;
  }

  isLedgerOut(): boolean {
    return this.clock.now() < this.ledgerOutUntilMs;
  }

  async turnPage(): Promise<void> {
    if (this.#isStormy && this.plan.slowPageMs > 0) await this.clock.sleep(this.plan.slowPageMs);
  }

  fileNow(): FileVersion {
    return this.file.now();
  }

  askSweep(projectId: string): void {
    const delivery = currentDelivery.getStore();
    if (delivery) this.past.continued.add(delivery.id);
    this.pubsub.publish('sweep', pushOf({ sweep: { projectId } }));
  }

  readFile(instance: string, version: FileVersion | undefined): void {
    const reads = this.past.reads.get(instance) ?? [];
    reads.push({ atMs: this.clock.now(), instance, ...(version && { version }) });
    this.past.reads.set(instance, reads);
    if (version && !version.description) this.counts.add('broken file read');
  }

  published(instance: string, event: Readonly<Record<string, unknown>>): void {
    const published = { atMs: this.clock.now(), instance, event };
    this.counts.add(`alert ${String(event['type']).replace(/^bigquery-watchdog\./, '')}`);
    this.trace.add(
      instance,
      () =>
        `tells ${String(event['type'])} of ${String(event['subject'] ?? event['policy'] ?? '')}: ${sentenceOf(event)}`,
    );
    this.past.published.push(published);
    this.check((invariant) =>
      invariant.onPublished?.(published, this.past, (subject) => this.truthOf(subject)),
    );
  }

  truthOf(subject: string): JobTruth | undefined {
    const dot = subject.lastIndexOf('.');
    const colon = subject.lastIndexOf(':');
    return this.bigquery.simulator.truth({
      projectId: subject.slice(0, colon),
      location: subject.slice(colon + 1, dot),
      jobId: subject.slice(dot + 1),
    });
  }

  truths(): Map<string, JobTruth> {
    return new Map(this.bigquery.simulator.allTruths().map((truth) => [jobOf(truth), truth]));
  }

  /** Jobs begin, and what BigQuery logs of them is sent, in a storm not always. */
  start(): void {
    const { simulator } = this.bigquery;
    const { auditFormats: formats, jobsPerPage, pagesShift, pageTokenLifetimeMs, quotas } = this.plan;
    simulator.setLists({ jobsPerPage, pagesShift, pageTokenLifetimeMs });
    simulator.setQuotas(quotas);
    simulator.onEntry((entry) => this.#logged(entry), { formats });
    for (const script of this.plan.jobs) simulator.start(script);
  }

  tick(): void {
    this.pubsub.publish('tick', pushOf({ tick: 'sweep', verb: 'cancel' }));
  }

  /** The storm ends. A broken file stays so only where it is beyond doubt which the last good one is. */
  async calm(): Promise<void> {
    this.trace.add('world', () => 'the storm is over');
    if (await this.file.mend(this.store)) this.counts.add('file stays broken');
    this.#isStormy = false;
    this.ledgerOutUntilMs = 0;
    this.#calmBigQuery();
    for (const [slot, offset] of this.offsets.entries())
      if (Math.abs(offset) > 25_000) this.offsets[slot] = 0;
  }

  #calmBigQuery(): void {
    const { simulator } = this.bigquery;
    simulator.setLists({ stalenessMs: 0, unreachable: [], ...CALM_CALLS });
    simulator.setQuotas({});
    const isForGood = this.plan.happenings.some((one) => one.kind === 'withheld' && one.withheld.forGood);
    if (!isForGood) simulator.setWithheld([]);
  }

  check(ask: (invariant: Invariant) => Iterable<string> | undefined): void {
    for (const invariant of this.#invariants) {
      for (const what of ask(invariant) ?? []) {
        const { name, rule } = invariant;
        this.trace.add('BROKEN', () => `${name} (${rule}): ${what}`);
        this.violations.push({ invariant: name, rule, atMs: this.clock.now(), what });
      }
    }
  }

  #logged(entry: LogEntry): void {
    const { eventLost, forged } = this.rates();
    if (this.random.chance(forged)) {
      this.counts.add('entry forged');
      publishForged(this.pubsub, entry, this.random, this.clock.now());
    }
    if (this.random.chance(eventLost)) {
      this.counts.add('event lost');
      return;
    }
    this.pubsub.publish('event', pushOf(this.random.chance(eventLost / 2) ? withoutParent(entry) : entry));
  }

  async #push(delivery: Delivery): Promise<Answer> {
    const slot = this.random.int(0, this.#slots.length - 1);
    if (delivery.message.kind === 'tick') return this.#ticker.push(delivery);
    let instance = this.#slots[slot];
    if (!instance || instance.gate.isDead) {
      instance = this.#newInstance(slot);
      this.#slots[slot] = instance;
    }
    this.trace.add(`d${delivery.id}`, () => `goes to ${instance.id}`);
    return instance.push(delivery);
  }

  #newInstance(slot: number): Instance {
    const id = `i${++this.#born}`;
    const { projects, tickMs, timeoutMs, dryRun, sweepTopics } = this.plan;
    return new Instance({
      id,
      scene: this,
      clock: this.clock,
      offsetMs: () => this.offsets[slot] ?? 0,
      random: this.random.fork(),
      trace: this.trace,
      store: this.store,
      timeoutMs,
      environment: {
        WATCHDOG_POLICIES: 'policies.yaml',
        WATCHDOG_LEDGER: 'sqlite::memory:',
        WATCHDOG_PROJECTS: projects.join(','),
        WATCHDOG_TICK_SECONDS: String(tickMs / 1_000),
        CLOUD_RUN_TIMEOUT_SECONDS: String(timeoutMs / 1_000),
        ...(dryRun && { WATCHDOG_DRY_RUN: 'true' }),
        ...(sweepTopics && { WATCHDOG_SWEEP_TOPICS: SWEEP_TOPICS }),
      },
      onLine: (instance, line) => {
        this.trace.add(instance, () => `logs ${line.trimEnd()}`);
        observeLine(this.past, this.counts, line);
        this.check((invariant) => invariant.onLine?.(line, this.past));
      },
      onFreeze: (instance) => this.past.frozen.add(instance),
    });
  }

  #looked(instance: string, truth: JobTruth): void {
    const job = jobOf(truth);
    const looks = this.past.looks.get(job) ?? [];
    looks.push({ atMs: this.clock.now(), instance, job, truth });
    this.past.looks.set(job, looks);
  }

  #listed(projectId: string, page: ListedPage): () => void {
    const now = this.clock.now();
    const guilty =
      this.plan.rates === CALM
        ? guiltyIn(projectId, this.fileNow().description, this.bigquery.simulator.allTruths(), this.past, now)
        : undefined;
    if (page.unreachable.length > 0) this.counts.add('list without a location');
    if (!page.isLast) this.counts.add('list of several pages');
    if (page.begins?.createdUpToMs !== undefined) this.counts.add('sweep goes on');
    return () => observePage(this.past, page, guilty);
  }

  #cancelled(instance: string, truth: JobTruth): void {
    const job = jobOf(truth);
    const claim = [...this.past.claims.values()].find((row) => row.job === job);
    const cancel = { atMs: this.clock.now(), instance, job, truth, ...(claim && { claim }) };
    this.counts.add(`cancel of a ${truth.state} job`);
    this.check((invariant) => invariant.onCancel?.(cancel, this.past));
    this.past.cancels.push(cancel);
  }

  #written(user: Writer, writes: Parameters<typeof observeWrites>[3]): void {
    for (const { kind, collection, key } of writes) {
      if (collection !== 'claims') this.trace.add(user.id, () => `${kind}s ${collection} ${key}`);
    }
    for (const write of observeWrites(this.past, user, this.clock.now(), writes)) {
      const { before, after } = write;
      this.trace.add(
        user.id,
        () =>
          `writes claim of ${after.job}: ${before?.state ?? 'none'} -> ${after.state}${after.outcome ? ` (${after.outcome})` : ''}`,
      );
      if (after.state !== before?.state)
        this.counts.add(
          `claim ${after.state}${after.outcome && after.state !== 'asked' ? ` ${after.outcome}` : ''}`,
        );
      if (after.isTakeover && after.wonAtMs === write.atMs) this.counts.add('claim taken over');
      this.check((invariant) => invariant.onClaim?.(write, this.past));
    }
  }
}

/** Entries of script children do not always name their parent: only `jobs.get` tells. */
function withoutParent(entry: LogEntry): LogEntry {
  return JSON.parse(JSON.stringify(entry).replace(/,"parentJobName":"[^"]*"/, ''));
}

function sentenceOf({ data }: Readonly<Record<string, unknown>>): string {
  return typeof data === 'object' && data !== null && 'sentence' in data ? String(data.sentence) : '';
}
