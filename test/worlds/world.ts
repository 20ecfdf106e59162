import type { Write } from '../../shared/ledger/store.ts';
import type { Verb } from '../../shared/ledger/verb.schema.ts';
import type { LogEntry } from '../../simulator/audit-entry.ts';
import type { InsertedLife, WriteRecord } from '../../simulator/state.ts';
import type { JobTruth } from '../../simulator/truth.ts';
import { VirtualClock } from '../../simulator/virtual-clock.ts';
import { BigQuery, type ListedPage } from './bigquery.ts';
import { Counts } from './counts.ts';
import { certificateIn, deletionOf } from './deletion-observer.ts';
import { CALM, CALM_CALLS } from './draw-world.ts';
import { Fleet } from './fleet.ts';
import { Grants } from './grants.ts';
import type { HoldsVersion } from './holds-description.ts';
import { HoldsFile } from './holds-file.ts';
import { insertOf } from './insert-observer.ts';
import { currentDelivery } from './instance.ts';
import type { Invariant } from './invariant.ts';
import { observeRead, observeWrites, type Writer } from './ledger-observer.ts';
import { publishForged } from './messages.ts';
import { jobOf, Past } from './past.ts';
import type { FileVersion, Rates, WorldPlan } from './plan.ts';
import { PubSub, pushOf } from './pubsub.ts';
import { type Random, seeded } from './random.ts';
import { attemptIn } from './retry-past.ts';
import type { Scene } from './scene.ts';
import { SharedStore } from './shared-store.ts';
import { isFor, withoutParent } from './sinks.ts';
import { guiltyIn, observeLine, observePage, observeRetryPage } from './sweeps-observer.ts';
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
  readonly holds: HoldsFile;
  readonly store: SharedStore;
  readonly violations: Violation[] = [];
  readonly #invariants: readonly Invariant[];
  readonly #fleet: Fleet;
  readonly grants: Grants;
  /** The functions that are deployed, besides `tick`. */
  readonly verbs: readonly Verb[];
  /** How far the clock of each place for an instance is off. */
  readonly offsets: number[] = [0, 0, 0];
  /** Until when the ledger does not answer anybody. */
  ledgerOutUntilMs = 0;
  /** How old what lists show is. */
  listStalenessMs = 0;
  #isStormy = true;

  constructor(plan: WorldPlan, invariants: readonly Invariant[], traced: boolean) {
    this.plan = plan;
    this.#invariants = invariants;
    this.clock = new VirtualClock(plan.startMs);
    this.random = seeded(plan.seed ^ 0x5bd1e995);
    this.trace = new Trace(traced, plan.startMs, () => this.clock.now());
    this.past = new Past(plan);
    this.file = new WorldFile(plan.files, this.clock);
    this.holds = new HoldsFile(plan.purge, this.clock);
    const shared = { clock: this.clock, trace: this.trace, counts: this.counts };
    this.bigquery = new BigQuery({
      ...shared,
      random: this.random.fork(),
      onLook: (instance, truth) => this.#looked(instance, truth),
      onCancel: (instance, truth) => this.#cancelled(instance, truth),
      onInsert: (instance, location, write) => this.#inserted(instance, location, write),
      onDelete: (instance, write, truths) => this.#deleted(instance, write, truths),
      onListed: (instance, projectId, page) => this.#listed(instance, projectId, page),
      lifeOfInserted: (job) => this.#fateOf(jobOf(job)),
    });
    this.grants = new Grants(this.bigquery.simulator);
    this.verbs = [
      'cancel',
      ...(plan.retry ? ['retry' as const] : []),
      ...(plan.purge ? ['purge' as const] : []),
    ];
    this.store = new SharedStore(() => this.clock.now(), {
      written: (user, writes) => this.#written(user, writes),
      read: (user, collection, key, found) =>
        observeRead(this.past, user, this.clock.now(), { collection, key }, found),
    });
    this.pubsub = new PubSub({
      ...shared,
      random: this.random.fork(),
      ackDeadlineMs: Math.min(600_000, plan.timeoutMs + 30_000),
      push: (delivery) => this.#fleet.push(delivery),
      rates: () => this.rates(),
      sent: this.past.sent,
    });
    const { clock, trace, store } = this;
    const onLine = (instance: string, line: string): void => this.#wrote(instance, line);
    const onFreeze = (instance: string): void => void this.past.frozen.add(instance);
    this.#fleet = new Fleet(
      plan,
      this.random,
      { scene: this, clock, trace, store, onLine, onFreeze },
      this.offsets,
    );
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

  askSweep(verb: Verb, projectId: string): void {
    const delivery = currentDelivery.getStore();
    if (delivery) this.past.continued.add(delivery.id);
    this.pubsub.publish('sweep', verb, pushOf({ sweep: { projectId } }));
  }

  readFile(instance: string, version: FileVersion | undefined): void {
    const reads = this.past.reads.get(instance) ?? [];
    reads.push({ atMs: this.clock.now(), instance, ...(version && { version }) });
    this.past.reads.set(instance, reads);
    if (version && !version.description) this.counts.add('broken file read');
  }

  holdsNow(): HoldsVersion | undefined {
    return this.holds.now();
  }

  readHolds(instance: string, version: HoldsVersion | undefined): void {
    const reads = this.past.purges.holdsReads.get(instance) ?? [];
    reads.push({ atMs: this.clock.now(), ...(version && { version }) });
    this.past.purges.holdsReads.set(instance, reads);
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
    return this.bigquery.truthOf({
      projectId: subject.slice(0, colon),
      location: subject.slice(colon + 1, dot),
      jobId: subject.slice(dot + 1),
    });
  }

  truths(): Map<string, JobTruth> {
    return byName(this.bigquery.simulator.allTruths());
  }

  /** With those whose metadata was deleted, as they were just before. */
  truthsOfAll(): Map<string, JobTruth> {
    const { deleted } = this.bigquery.simulator;
    return new Map([...byName(deleted.map(({ truth }) => truth)), ...this.truths()]);
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

  tick(verbs: readonly Verb[] = this.verbs): void {
    for (const verb of verbs) this.pubsub.publish('tick', verb, pushOf({ tick: 'sweep', verb }));
  }

  /** The storm ends. A broken file stays so only where it is beyond doubt which the last good one is. */
  async calm(): Promise<void> {
    this.trace.add('world', () => 'the storm is over');
    if (await this.file.mend(this.store, this.verbs)) this.counts.add('file stays broken');
    this.holds.mend();
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
    this.listStalenessMs = 0;
    this.grants.calm();
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
    for (const verb of this.verbs) if (isFor(verb, entry)) this.#send(verb, entry);
  }

  #send(verb: Verb, entry: LogEntry): void {
    const { eventLost, forged } = this.rates();
    if (this.random.chance(forged)) {
      this.counts.add('entry forged');
      publishForged(this, verb, entry);
    }
    if (this.random.chance(eventLost)) {
      this.counts.add('event lost');
      return;
    }
    const told = this.random.chance(eventLost / 2) ? withoutParent(entry) : entry;
    this.pubsub.publish('event', verb, pushOf(told));
  }

  #wrote(instance: string, line: string): void {
    this.trace.add(instance, () => `logs ${line.trimEnd()}`);
    observeLine(this.past, this.counts, line);
    this.check((invariant) => invariant.onLine?.(line, this.past));
  }

  /** How a job goes that we insert: as it was drawn, or well after a second. */
  #fateOf(job: string): InsertedLife | undefined {
    const { root = '', attempt = 0 } = attemptIn(job) ?? {};
    return this.plan.retry?.fates[root]?.[attempt - 1];
  }

  #looked(instance: string, truth: JobTruth): void {
    const job = jobOf(truth);
    const looks = this.past.looks.get(job) ?? [];
    looks.push({ atMs: this.clock.now(), instance, job, truth });
    this.past.looks.set(job, looks);
  }

  #listed(instance: string, projectId: string, page: ListedPage): () => void {
    const now = this.clock.now();
    const delivery = currentDelivery.getStore();
    const verb = delivery?.message.verb;
    if (verb === 'purge') return () => undefined;
    if (verb === 'retry') {
      const asOfMs = now - this.listStalenessMs;
      const about = { instance, delivery: delivery?.id, projectId, atMs: now, asOfMs };
      return () => observeRetryPage(this.past, about, page);
    }
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

  #inserted(instance: string, location: string, write: WriteRecord): void {
    const insert = insertOf(
      write,
      { instance, location, atMs: this.clock.now(), truths: this.truths() },
      this.past,
    );
    this.counts.add(write.refused === undefined ? 'insert of a job' : `insert refused, ${write.refused}`);
    this.check((invariant) => invariant.onInsert?.(insert, this.past));
    this.past.retries.insert(insert);
  }

  #deleted(instance: string, write: WriteRecord, truths: readonly JobTruth[]): void {
    const around = { instance, atMs: this.clock.now(), truths: byName(truths) };
    const deletion = deletionOf(write, around, this.past);
    const { family, isEffective, refused } = deletion;
    this.counts.add(isEffective ? 'delete of a job' : `delete refused, ${refused}`);
    if (isEffective && family && family.children.length > 0) this.counts.add('delete of a family');
    this.check((invariant) => invariant.onDelete?.(deletion, this.past));
    this.past.purges.delete(deletion);
  }

  #certified(user: Writer, writes: readonly Write[]): void {
    for (const write of writes) {
      if (write.collection !== 'certificates') continue;
      const about = { atMs: this.clock.now(), by: user.id };
      const certificate = certificateIn(write, about, (subject) => this.truths().get(subject));
      if (!certificate) continue;
      this.counts.add('certificate');
      this.check((invariant) => invariant.onCertificate?.(certificate, this.past));
      this.past.purges.certificates.push(certificate);
    }
  }

  #written(user: Writer, writes: readonly Write[]): void {
    this.#certified(user, writes);
    for (const { kind, collection, key } of writes) {
      if (collection !== 'claims') this.trace.add(user.id, () => `${kind}s ${collection} ${key}`);
    }
    for (const write of observeWrites(this.past, user, this.clock.now(), writes)) {
      const { verb, before, after } = write;
      this.trace.add(
        user.id,
        () =>
          `writes ${WORDS[verb]} ${after.job}${verb === 'retry' ? `, attempt ${after.attempt}` : ''}: ${before?.state ?? 'none'} -> ${after.state}${after.outcome ? ` (${after.outcome})` : ''}`,
      );
      if (after.state !== before?.state)
        this.counts.add(
          `${verb === 'cancel' ? '' : `${verb} `}claim ${after.state}${after.outcome && after.state !== 'asked' ? ` ${after.outcome}` : ''}`,
        );
      if (after.isTakeover && after.wonAtMs === write.atMs)
        this.counts.add(`${verb === 'cancel' ? '' : `${verb} `}claim taken over`);
      this.check((invariant) => invariant[HOOKS[verb]]?.(write, this.past));
    }
  }
}

const WORDS = { cancel: 'claim of', retry: 'claim to run again', purge: 'claim to purge' } as const;

const HOOKS = { cancel: 'onClaim', retry: 'onRetryClaim', purge: 'onPurgeClaim' } as const;

function sentenceOf({ data }: Readonly<Record<string, unknown>>): string {
  return typeof data === 'object' && data !== null && 'sentence' in data ? String(data.sentence) : '';
}

function byName(truths: readonly JobTruth[]): Map<string, JobTruth> {
  return new Map(truths.map((truth) => [jobOf(truth), truth]));
}
