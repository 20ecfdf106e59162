import { Access, type Withheld } from './access.ts';
import { AccessTokens } from './access-tokens.ts';
import { ApiError } from './api-error.ts';
import { type AuditFormats, AuditLog, type EntryListener, type ListenerOptions } from './audit-log.ts';
import type { SimulatorClock } from './clock.ts';
import { controlAnswer } from './control.ts';
import type { DeletedJob } from './deleted-job.ts';
import type { FaultSettings } from './fault-rules.ts';
import { planOf } from './fault-rules.ts';
import type { Fault, FaultPlan, SimulatorMethod } from './faults.ts';
import { existsAt } from './job-life.ts';
import type { JobName } from './job-record.ts';
import type { JobScript } from './job-script.ts';
import { type AskedName, JobStore, LONGEST_STALENESS_MS, nameOf } from './job-store.ts';
import type { JsonRecord } from './json.ts';
import { loadedJob } from './loaded-job.ts';
import { pageNumberOf } from './page-token.ts';
import { selectionOf } from './partial-response.ts';
import { playFault } from './play-fault.ts';
import { type QuotaSettings, Quotas } from './quotas.ts';
import { noteRefusedWrite } from './refused-write.ts';
import type { SimulatorRequest, SimulatorResponse } from './request.ts';
import { errorResponse, jsonResponse } from './response.ts';
import { type RoutedCall, routed } from './router.ts';
import { scriptedJobs } from './scripted-job.ts';
import type { Call, InsertedJob, InsertedLife, ListSettings, SimulatorState, WriteRecord } from './state.ts';
import { type JobTruth, truthOf } from './truth.ts';

export interface SimulatorOptions {
  readonly clock: SimulatorClock;
  /** At least 0 and below 1. */
  readonly random: () => number;
  readonly faults?: FaultPlan;
  readonly lists?: Partial<ListSettings>;
  /** Permissions that somebody lacks. Default: nobody lacks any. */
  readonly withheld?: readonly Withheld[];
  /** Default: none. `DOCUMENTED_QUOTAS` are Google's. */
  readonly quotas?: QuotaSettings;
  /** The format of audit entries for listeners that choose none. Default `newer`. */
  readonly auditFormats?: AuditFormats;
  /** Decides the lives of jobs that clients insert; where it gives none, a job succeeds after about a second. */
  readonly lifeOfInserted?: (job: InsertedJob) => InsertedLife | undefined;
}

/** One request on its way through the simulator. */
interface Incoming {
  readonly request: SimulatorRequest;
  readonly url: URL;
  readonly routed: RoutedCall;
  readonly caller: string;
}

const DAY_MS = 86_400_000;
const USUAL_LISTS: ListSettings = {
  stalenessMs: 0,
  unreachable: [],
  showsRunningStatistics: true,
  pageTokenLifetimeMs: Infinity,
  pagesShift: false,
  historyMs: Infinity,
  jobsPerPage: Infinity,
};

/** A BigQuery jobs API without a network: `handle` answers requests as the real one would. */
export class Simulator {
  /** Everything clients wrote that reached BigQuery, in order. */
  readonly writes: readonly WriteRecord[];
  /** Every job whose metadata was deleted, as it was before, in order; children after their parents. */
  readonly deleted: readonly DeletedJob[];
  readonly #state: SimulatorState;
  readonly #calls = new Map<SimulatorMethod, number>();
  readonly #quotas: Quotas;
  #faults: FaultPlan | undefined;

  constructor(options: SimulatorOptions) {
    const store = new JobStore();
    const writes: WriteRecord[] = [];
    this.writes = writes;
    const deleted: DeletedJob[] = [];
    this.deleted = deleted;
    this.#faults = options.faults;
    this.#quotas = new Quotas(options.quotas);
    this.#state = {
      clock: options.clock,
      random: options.random,
      store,
      tokens: new AccessTokens(),
      access: new Access(options.withheld),
      audit: new AuditLog(options.clock, store, options.auditFormats ?? 'newer'),
      lists: { ...USUAL_LISTS, ...options.lists },
      writes,
      deleted,
      lifeOfInserted: options.lifeOfInserted ?? (() => undefined),
    };
    this.setLists({});
  }

  /** Answers one request. A silent fault never settles; a reset rejects with ConnectionReset. */
  async handle(request: SimulatorRequest): Promise<SimulatorResponse> {
    try {
      const url = new URL(request.path, 'http://simulator.invalid');
      const control = controlAnswer(request, url, this);
      if (control !== undefined) return jsonResponse(this.#state.clock, control);
      const call = routed(request.method.toUpperCase(), url.pathname);
      const nth = (this.#calls.get(call.method) ?? 0) + 1;
      this.#calls.set(call.method, nth);
      const caller = this.#callerOf(request, call.method);
      const release = this.#quotas.admit(caller, call.method, this.#state.clock.now());
      try {
        const page = call.method === 'list' ? { page: pageNumberOf(url.searchParams) } : {};
        const about = { ...call, nth, ...page, request, random: this.#state.random };
        const incoming = { request, url, routed: call, caller };
        return await playFault(this.#faults?.(about), this.#state.clock, (fault) =>
          this.#perform(incoming, fault),
        );
      } finally {
        release();
      }
    } catch (error) {
      if (error instanceof ApiError) return errorResponse(this.#state.clock, error);
      throw error;
    }
  }

  #callerOf({ headers }: SimulatorRequest, method: SimulatorMethod): string {
    const [, authorization] =
      Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
    return this.#state.tokens.callerOf(authorization, method, this.#state.clock.now());
  }

  async #perform(incoming: Incoming, fault: Fault | undefined): Promise<JsonRecord | undefined> {
    const { request, url, routed: routedCall, caller } = incoming;
    const call: Call = {
      projectId: routedCall.projectId,
      target: routedCall.target,
      parameters: url.searchParams,
      body: request.body,
      caller,
      ...(fault === undefined ? {} : { fault }),
    };
    try {
      const select = selectionOf(routedCall.method, url.searchParams);
      const body = await routedCall.route(call, this.#state);
      return body === undefined ? undefined : select(body);
    } catch (error) {
      if (error instanceof ApiError) noteRefusedWrite(routedCall.method, call, error, this.#state);
      throw error;
    }
  }

  /** Switches faults; `undefined` switches them off. */
  setFaults(plan: FaultPlan | undefined): void {
    this.#faults = plan;
  }

  /** Changes how lists answer; what is not given stays as it is. */
  setLists(settings: Partial<ListSettings>): void {
    const lists = { ...this.#state.lists, ...settings };
    if (!(lists.stalenessMs >= 0 && lists.stalenessMs <= LONGEST_STALENESS_MS)) {
      throw new RangeError(
        `stalenessMs is ${lists.stalenessMs}: it must be from 0 to ${LONGEST_STALENESS_MS}`,
      );
    }
    Object.assign(this.#state.lists, lists);
  }

  /** The switchboard of `PUT /simulator/faults`: what is not given is off. */
  applyFaultSettings(settings: FaultSettings): void {
    const rules = settings.rules ?? [];
    this.setFaults(rules.length === 0 ? undefined : planOf(rules));
    this.setLists({
      unreachable: settings.unreachable ?? [],
      stalenessMs: settings.listStalenessMs ?? 0,
      pageTokenLifetimeMs: settings.pageTokenLifetimeMs ?? Infinity,
      pagesShift: settings.pagesShift ?? false,
      historyMs: (settings.historyDays ?? Infinity) * DAY_MS,
      jobsPerPage: settings.jobsPerPage ?? Infinity,
    });
  }

  /** Withholds permissions; what is not named is granted. */
  setWithheld(withheld: readonly Withheld[] = []): void {
    this.#state.access.withhold(withheld);
  }

  /** Makes service accounts be no longer there; who is not named is there again. */
  setMissingAccounts(emails: readonly string[] = []): void {
    this.#state.access.setMissingAccounts(emails);
  }

  /** Switches quotas; what is not given has no bound. */
  setQuotas(quotas: QuotaSettings): void {
    this.#quotas.set(quotas);
  }

  /**
   * Loads a Job resource as `jobs.get` gives it; UnplayableJob names what is wrong with it. If it is RUNNING, it
   * goes on using so many slots from now on: none, unless told.
   */
  load(resource: unknown, { slots = 0 }: { slots?: number } = {}): void {
    this.#state.store.add(loadedJob(resource, { loadedAtMs: this.#state.clock.now(), slots }));
  }

  /** Plays a job whose life is scripted. */
  start(script: JobScript): JobName {
    const [record, ...children] = scriptedJobs(script, this.#state.clock.now(), this.#state.random);
    if (record === undefined) throw new Error('a script makes at least one job');
    for (const job of [record, ...children]) this.#state.store.add(job);
    for (const job of [record, ...children]) this.#state.audit.added(job);
    return nameOf(record);
  }

  /** Calls `listener` for each audit entry, at the moment it happens; returns how to stop that. */
  onEntry(listener: EntryListener, options: ListenerOptions = {}): () => void {
    return this.#state.audit.onEntry(listener, options);
  }

  /** The true state of a job now; `undefined` when there is none, or no longer. Without a location: US or EU. */
  truth(name: AskedName): JobTruth | undefined {
    const nowMs = this.#state.clock.now();
    const record = this.#state.store.find(name);
    return record !== undefined && existsAt(record, nowMs) ? truthOf(record, nowMs) : undefined;
  }

  allTruths(): JobTruth[] {
    const nowMs = this.#state.clock.now();
    return [...this.#state.store.everything()]
      .filter((record) => existsAt(record, nowMs))
      .map((record) => truthOf(record, nowMs));
  }
}
