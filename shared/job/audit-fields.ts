import type { JobState, JobType } from './job.ts';
import type { JobName } from './job-name.ts';
import { isNoQuery, priorityOf, statementTypeOf } from './job-words.ts';
import type { RpcStatus } from './rpc-status.schema.ts';

/** What stands around the job in its entry. */
export interface AuditFrame {
  readonly name: JobName;
  readonly state: JobState;
  readonly principal: string | undefined;
  /** The entry's own status: at times the only place that tells of a failure. */
  readonly entryStatus: RpcStatus | undefined;
}

/** What both formats of the audit log write in the same words, wherever they have it. */
export interface SharedWords {
  readonly config: { readonly labels?: ReadonlyMap<string, string> | undefined } | undefined;
  readonly query: { readonly priority?: string | undefined; readonly statementType?: string | undefined };
  readonly stats:
    | {
        readonly createTime?: number | undefined;
        readonly startTime?: number | undefined;
        readonly endTime?: number | undefined;
        readonly totalSlotMs?: number | undefined;
        readonly reservation?: string | undefined;
      }
    | undefined;
}

/** The fields of a Job that come of them. */
export function fieldsOfBoth(type: JobType | undefined, frame: AuditFrame, words: SharedWords) {
  const { config, query, stats } = words;
  return {
    name: frame.name,
    state: frame.state,
    type,
    principal: frame.principal,
    // Children are told apart before (their parent is named, or their id is a script's): this is none.
    parent: null,
    creationTimeMs: stats?.createTime,
    startTimeMs: stats?.startTime,
    endTimeMs: stats?.endTime,
    // proto3 JSON leaves an empty map out, so a configuration without labels tells that there are none.
    labels: config === undefined ? undefined : (config.labels ?? new Map<string, string>()),
    priority: priorityOf(query.priority),
    statementType: statementTypeOf(type, query.statementType),
    continuous: isNoQuery(type) ? false : undefined,
    reservation: stats?.reservation === 'unreserved' ? null : stats?.reservation,
    slotMs: stats?.totalSlotMs,
  };
}
