import type {
  BranchId,
  Change,
  EventPage,
  EventPageQuery,
  Instant,
  NewEvent,
  Origin,
  Principal,
  RecordedEvents,
  RecordId,
  RecordQuery,
  Sample,
  SignalRecord,
  WorldRecord,
} from "@doppelwerk/world";
import type { FeatureLog } from "./open.ts";

// What the server part of a pack gets. It is the same in the process of the server and in one of its own: all of it is asynchronous and JSON. Each call needs
// the permission of the manifest that it names; without it, and without the right of the principal, it is refused with DW_FORBIDDEN.

/** The plant as one principal may see it. That of a caller ends with the call. */
export interface PackView {
  /** `read`. Undefined where there is none, or it may not be read. Branch: live without one. */
  get(id: RecordId, branch?: BranchId): Promise<WorldRecord | undefined>;
  /** `read`. At most 1,000 records: go on `after` the id of the last one. */
  query(query: RecordQuery, branch?: BranchId): Promise<readonly WorldRecord[]>;
  /** `edit`. One transaction; answers the revision. */
  apply(transaction: { readonly branch?: BranchId; readonly reason: string; readonly changes: readonly Change[] }): Promise<number>;
  /** `read`. Signals that may be read. */
  signals(): Promise<readonly SignalRecord[]>;
  /** `read`. The last sample of each signal on live; undefined where there is none, or it may not be read. */
  live(signals: readonly RecordId[]): Promise<readonly (Sample | undefined)[]>;
  /** `read`. Samples with from ≤ time < to, the first 10,000 at most. Errors: DW_NOT_FOUND. */
  samples(signal: RecordId, from: Instant, to: Instant, limit?: number): Promise<readonly PackSample[]>;
  /** `read`. A page of events. */
  events(query: EventPageQuery): Promise<EventPage>;
  /** `record`. Events of types that the manifest declares. */
  record(events: readonly Omit<NewEvent, "actor">[]): Promise<RecordedEvents>;
  /** `read`. What a fold of the feature concludes of a span; nothing is stored. Errors: DW_UNAVAILABLE where the fold was stopped. */
  conclude(query: PackConcludeQuery): Promise<readonly PackConclusion[]>;
  /** Id of the signal that keeps an output of a fold for a document, whether it is there already or not. */
  outputSignal(fold: string, document: RecordId, type: string): Promise<RecordId>;
}

/** A question to a fold: over the record of [from, to) by the documents of a branch, and then over values that nobody measured. */
export interface PackConcludeQuery {
  readonly fold: string;
  /** Default live. */
  readonly branch?: BranchId;
  /** Id of a document; default: all of the kind, the first 500. */
  readonly subject?: RecordId;
  readonly from: Instant;
  readonly to: Instant;
  /** At most 10,000, after `to`, in order of time; only with `subject`. */
  readonly simulated?: readonly { readonly input: string; readonly at: Instant; readonly value?: number; readonly text?: string }[];
}

export interface PackConclusion {
  readonly subject: RecordId;
  readonly type: string;
  readonly value: number | boolean | string;
  readonly from: Instant;
  readonly origin: Origin;
}

export interface PackSample {
  readonly time: Instant;
  /** Null where the sample has no number. */
  readonly value: number | null;
  readonly text?: string;
  readonly quality: number;
}

/** One request as a handler of a pack receives it. */
export interface PackCall {
  readonly principal: Principal;
  /** The branch that the access was decided on. */
  readonly branch: BranchId;
  readonly params: Readonly<Record<string, string>>;
  readonly query: unknown;
  readonly body: unknown;
  /** The plant as the caller may see it. */
  readonly view: PackView;
}

/**
 * Returns the answer as JSON. An error with a `code` as `DW_INVALID` is answered with its status and message, or with a `reason` (`{ code, params }` of the
 * words of the pack) in both languages; any other is a fault of the pack.
 */
export type PackHandler = (call: PackCall) => Promise<unknown>;

export interface PackContext {
  readonly world: { readonly name: string };
  now(): Instant;
  readonly log: FeatureLog;
  /** Small durable values in this world: 1 MB of JSON in all. */
  readonly store: { get(name: string): Promise<unknown>; set(name: string, value: unknown): Promise<void> };
  /** The plant for the pack's own work, with the rights of its permissions. */
  readonly own: PackView;
  /** `publish`. A topic of the manifest. Who may not read every one of the signals `inputs` does not receive it. */
  publish(topic: string, payload: unknown, inputs?: readonly RecordId[]): Promise<void>;
  /** Ends when the feature closes. */
  readonly signal: AbortSignal;
}

/** What the module of `server` exports as `open`: called once for each world, and ready within five seconds. */
export type OpenPack = (ctx: PackContext) => Promise<{
  /** By id of the operation: one for each of the manifest. */
  readonly handlers: Readonly<Record<string, PackHandler>>;
  close?(): Promise<void>;
}>;
