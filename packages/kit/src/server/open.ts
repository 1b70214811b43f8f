import type { ParamsOf } from "@doppelwerk/client";
import type { Port, Slot } from "@doppelwerk/ports";
import type {
  Blobs,
  BranchId,
  Clock,
  Concluded,
  EventView,
  FoldInstance,
  FoldRun,
  FoldState,
  History,
  IdSource,
  Instant,
  Journal,
  LogEntry,
  NewEvent,
  Origin,
  Principal,
  RecordedEvents,
  RecordId,
  Sample,
  SampleBatch,
  SignalRecord,
  WantedSignal,
  WorldView,
} from "@doppelwerk/world";
import type { z } from "zod";
import type { AnswerOf, BodyOf, EndpointOptions, PayloadOf, QueryOf, TopicOptions } from "../contract/endpoint.ts";
import type { FeatureOptions } from "../feature/feature.ts";
import type { JobHandler, Jobs } from "./jobs.ts";

/** What one principal may see of the plant. There is no other way to its data. */
export interface PlantView {
  readonly principal: Principal;
  /** Documents, branches, merge requests. */
  readonly documents: WorldView;
  /** Signals that the principal may read, as their records on live. */
  signals(): readonly SignalRecord[];
  mayReadSignal(signal: string): boolean;
  /** Undefined where there is none, or it may not be read. */
  signal(id: RecordId): SignalRecord | undefined;
  /** Rows of samples frames: signals that may be read, with their index; unknown ones and those that may not be read are left out. Without ids: all. */
  rows(ids?: readonly RecordId[]): readonly WantedSignal[];
  /** What the rows of a signal are that say nothing of their origin. */
  originOf(signal: SignalRecord): Origin;
  /** The last sample of a signal on live; undefined where there is none, or it may not be read. */
  live(signal: RecordId): Sample | undefined;
  /** A record stands there that the principal may not read. */
  hides(branch: BranchId, id: RecordId): boolean;
  /** Samples of signals that the principal may read; asking for another one is refused as if there were none. */
  readonly history: History;
  /** Events of subjects that the principal may read. */
  readonly events: EventView;
  /** Entries of the change log with revision < `before` as the principal may see them, newest first. */
  logBefore(before: number, limit: number): Promise<readonly LogEntry[]>;
}

/** One request as a handler receives it. */
export interface CallOf<E extends EndpointOptions> {
  readonly view: PlantView;
  readonly principal: Principal;
  /** The bearer token that came with the request, for an operation that checks one itself. */
  readonly token: string | undefined;
  /** The branch that the access was decided on. */
  readonly branch: BranchId;
  readonly params: ParamsOf<E["route"]>;
  readonly query: QueryOf<E>;
  readonly body: BodyOf<E>;
  /** Ends when the caller goes away. */
  readonly signal: AbortSignal;
  /**
   * Asks for a proof, not older than so many seconds, that the person is there. Nothing on a server without accounts. Errors: DW_PRESENCE, for which the
   * studio asks the person and sends the request again; DW_FORBIDDEN for a machine, which proves no presence.
   */
  requirePresence(maxAgeS: number): void;
  /** Answers with another status than that of the contract, where the operation has two. */
  answerWith(status: 200 | 201 | 202 | 204): void;
  /** The caller does not wait for the end of a job: `Prefer: respond-async` of RFC 7240. */
  readonly respondAsync: boolean;
  /** Answers 202 with what the contract describes as `accepted`. `location`: where the job is read, a path below the base of the API. */
  answerAccepted(location: string): void;
}

export type HandlerOf<E extends EndpointOptions> = (call: CallOf<E>) => Promise<AnswerOf<E>>;
export type HandlersOf<Contract extends readonly EndpointOptions[]> = {
  readonly [E in Contract[number] as E["id"]]: HandlerOf<E>;
};

type KeyOf<P> = P extends { readonly key: infer K extends string } ? K : never;
export type ValueOf<P> = P extends Port<infer Value> ? Value : never;
export type PortsOf<Ports extends readonly Port<unknown>[]> = { readonly [P in Ports[number] as KeyOf<P>]: ValueOf<P> };

export type SettingsOf<F extends FeatureOptions> = F["settings"] extends { readonly schema: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;

/** Small durable values of a feature in a world, JSON by name; written before the call returns. Not for plant data. */
export interface FeatureStore {
  get(name: string): unknown;
  set(name: string, value: unknown): Promise<void>;
}

/** Texts that people write about anything, and that documents keep so that they can be erased from the change log and every branch too. */
export interface PersonalTexts {
  /** As a document keeps it. Errors: DW_UNAVAILABLE. */
  seal(person: string, text: string): string;
  /** What was sealed; a text that was not is itself. Undefined where it was erased. */
  open(stored: string): string | undefined;
}

/** What a feature keeps of people in files of its own. */
export interface PersonalHolder {
  /** What is kept of a person, to be handed to him; undefined: nothing. */
  exported(person: string): unknown;
  /** Nothing of it is there once it returned or resolved, on disk too. Errors: DW_UNAVAILABLE. */
  erase(person: string): void | Promise<void>;
}

export interface FeatureLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** The live values of every signal by row. A signal keeps its row; the columns are replaced when they grow, so read them anew each time. */
export interface LiveTable {
  readonly size: number;
  /** Undefined = the signal of the row is gone. */
  /** Every row has the id of its signal, also when it is gone. */
  readonly ids: readonly RecordId[];
  readonly signals: readonly (SignalRecord | undefined)[];
  /** Codes of the origin of the last sample. */
  readonly origins: Uint8Array;
  readonly qualities: ArrayLike<number>;
  readonly sourceTimes: ArrayLike<Instant>;
  /** Since when the quality is what it is; 0 before the first sample. */
  readonly qualitySince: ArrayLike<Instant>;
  indexOf(signal: RecordId): number | undefined;
  idOf(row: number): RecordId | undefined;
  live(signal: RecordId): Sample | undefined;
}

/** The only way for samples into a world. Batches carry rows of the live table. */
export interface SampleIntake {
  /** Begins to follow a batch, as it came from its source, to the frames that show it; undefined for all but about one a second. */
  follow(batch: SampleBatch): FollowedSamples | undefined;
  /** Live samples are shown with the next tick. Where some are of the past it resolves when these are on disk, and the source waits before it sends more. */
  offer(batch: SampleBatch, followed?: FollowedSamples): Promise<void> | undefined;
  /** Resolves when all are on disk and in the live table. Errors: DW_UNAVAILABLE (`details.retryAfterS`) where the disk takes none now; then none was taken. */
  offerDurably(batch: SampleBatch, followed?: FollowedSamples): Promise<void>;
}

/** A batch whose way is followed: given to the intake with what became of the batch. */
export interface FollowedSamples {
  /** W3C trace context. */
  readonly trace: string;
}

/** An instance of a fold that some feature of the product brings. */
export interface FoldPlace extends FoldInstance {
  /** Id of the fold. */
  readonly fold: string;
  /** Acts and facts in [from, to), in order of time, as they were stored. */
  recorded?(from: Instant, to: Instant): Promise<readonly RecordedFact[]>;
}

/** An act or a fact that a fold takes beside samples; `id` tells it from others of its instant. */
export interface RecordedFact {
  readonly type: string;
  readonly event: unknown;
  readonly at: Instant;
  readonly id: string;
}

/** Other instances of some folds of a group. */
export interface FoldEdit {
  /** Concluded by the edit itself: kept and shown before the instances are taken. */
  readonly concluded?: readonly Concluded[];
  /** The past is derived again whole, though the states that stand could be taken over. */
  readonly isWholePast?: boolean;
  instances(): readonly FoldPlace[];
}

export interface FoldListener {
  /** What is concluded live, in order. */
  concluded?(concluded: readonly Concluded[]): void;
  /** The past of this span was derived again. */
  derived?(from: Instant, to: Instant): void;
  /** An instance was stopped, because it threw or the fold that it `needs` was stopped; the others go on. */
  fault?(fault: {
    readonly fold: string;
    readonly subject: RecordId;
    readonly at: Instant;
    readonly reason?: string;
    readonly needs?: string;
  }): void;
}

/** Instances that need each other, of one feature or several: folded live a second behind now, kept, and derived again together. */
export interface FoldGroup {
  /** As it stands live, to be asked. It is another one after an edit or a derivation: never keep it. */
  readonly run: Pick<FoldRun, "folding" | "now" | "signals" | "snapshot" | "faults">;
  /** Grows whenever what was concluded of the past may have become another. */
  readonly generation: number;
  /** The recorded past was folded once at least. */
  readonly isFolded: boolean;
  /** Of an archive not even the urgent part is there. */
  readonly isReadingArchive: boolean;
  /** While the past is derived for the first time, what is kept is known up to here only; undefined: all is. */
  readonly knownUntil: Instant | undefined;
  /**
   * Sets all instances of some of the feature's own folds; without any, their states are kept for when there are some again. `prepare` is called when
   * everything before is stored, and live folding stands still until the instances are taken. Where they are the same nothing happens.
   */
  set(folds: readonly string[], prepare: (now: Instant) => Promise<FoldEdit>): Promise<void>;
  /**
   * An act of a person: judged, stored durably, then folded; resolves to what it concluded. Errors: what the fold refuses it with; DW_UNAVAILABLE where it
   * cannot be stored, or the instance was stopped, and nothing was done.
   */
  act(place: Pick<FoldPlace, "fold" | "subject">, type: string, event: unknown): Promise<readonly Concluded[]>;
  /** Returns how to stop. */
  follow(listener: FoldListener): () => void;
}

/** What if: instances over a span of the record, whoever may see of it what. */
export interface FoldTrial {
  /** Whose outputs the tried ones take. All of them begin some time before the span. */
  readonly known: readonly FoldPlace[];
  readonly tried: readonly FoldPlace[];
  readonly from: Instant;
  readonly to: Instant;
  /** In order of time. */
  readonly recorded?: readonly RecordedFact[];
  readonly signal: { readonly aborted: boolean };
  onProgress?(progress: number): void;
}

export interface FoldTrialResult {
  /** What the tried instances concluded of the span. */
  readonly concluded: readonly Concluded[];
  readonly faults: readonly { readonly fold: string; readonly subject: RecordId; readonly at: Instant; readonly reason?: string }[];
  /** False: there were more conclusions than are held. */
  readonly isWhole: boolean;
  /** Of the tried instances at the end of the span; undefined where one was stopped, or nothing was recorded. */
  readonly states: readonly (FoldState | undefined)[];
}

export interface Folds {
  /** The group of a name; made when it is first asked for. */
  group(name: string): FoldGroup;
  /** A run from the nearest kept states before an instant, to be moved on and asked, with the feature's own rights; at 0 where there are none. */
  before(places: readonly FoldPlace[], instant: Instant): FoldRun;
  /** Keeps a state of an instance beside its own, as an earlier release may have kept it elsewhere. */
  keep(place: FoldPlace, state: FoldState): void;
  /** Folds a span of the record in a worker, with the feature's own rights; stores nothing. Errors: DW_UNAVAILABLE. */
  try(trial: FoldTrial): Promise<FoldTrialResult>;
}

/** Samples as they come into the world. */
export interface SampleListener {
  /** Live samples of one tick, once they are in the live table. */
  live(batch: SampleBatch): void;
  /** Samples of the past, once they are on disk. */
  past(batch: SampleBatch): void;
  /** How far the archive of a connection is read; `urgent`: the end of it, which people look at, is there. */
  archive(connection: RecordId, read: { readonly urgent: boolean; readonly finished: boolean }): void;
  /** Nothing more comes of an archive for now. */
  archiveGone(connection: RecordId): void;
}

/** What conclusions tell of. */
export interface ConclusionInputs {
  /** Signals whose values a derived signal tells: who may not read every one of them does not read it. Undefined = it tells of none. */
  of(signal: SignalRecord): readonly RecordId[] | undefined;
  /** Another value whenever the answers may have changed. */
  version(): unknown;
}

/** For what concludes from samples: what comes in, and where its conclusions go. */
export interface Derivations {
  /** Returns how to stop. */
  follow(listener: SampleListener): () => void;
  /** What was concluded now: shown like any other sample at once; stored, or counted as not stored, when it resolves. */
  conclude(batch: SampleBatch): Promise<void>;
  /** What was concluded of the past by deriving it again, written over what stood there; on disk when it resolves. */
  revise(batch: SampleBatch): Promise<void>;
  /** Structured facts of the types that the manifest declares; on disk when it resolves. */
  record(events: readonly NewEvent[]): Promise<RecordedEvents>;
  /** The same of what is concluded live: in order, tried again while nothing can be recorded. What is concluded again has the same id and is one event. */
  recordLater(events: readonly NewEvent[]): void;
  /** Also holds after the feature closed. */
  inputs(inputs: ConclusionInputs): void;
  /** 0 when the past begins to be derived, 1 when that ended, however it ended. */
  progress(progress: number): void;
  /** How far the past is known, 0 to 1: archives read, then what they say derived; undefined where all of it is. */
  pastProgress(): number | undefined;
  /**
   * While the past is read for the first time since this server listens: since when it listens. What was concluded to begin before that is not known to last.
   * Undefined once it was read up to the present.
   */
  unknownBefore(): Instant | undefined;
}

/** Shown at `/metrics` as `doppelwerk_NAME`. */
export interface Metric {
  readonly kind: "gauge" | "counter";
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
  /** Called when someone asks; nothing = there is no value now. */
  read(): readonly { readonly value: number; readonly labels?: Readonly<Record<string, string>> }[];
}

/** What features give to a slot, of those that are open. */
export interface Contributions<Contribution> {
  /** In the order of the list of features. */
  all(): readonly Contribution[];
  /** Calls back whenever it is others; returns how to stop. */
  follow(listener: () => void): () => void;
}

/** Whom a feature gave a key of its own, for who looks at everything that may connect. */
export interface KnownGuest {
  /** Of the principal. */
  readonly id: string;
  readonly name: string;
  readonly since: Instant;
  /** Who gave the key. */
  readonly by: string;
  readonly expires?: Instant;
  /** When it was last used, since the server started. */
  readonly used?: Instant;
}

export interface GuestBook {
  list(): readonly KnownGuest[];
  /** Its key reads nothing from then on. Errors: DW_NOT_FOUND. */
  end(principal: string, by: string): Promise<void>;
}

/** Principals that a feature lets into the world by keys of its own (`dwk_` and at least 20 letters, digits, `-` or `_`), each with a scope. */
export interface Guests {
  /** Asked with each key that comes; undefined: it does not hold. Returns how to stop. */
  admit(find: (key: string) => Principal | undefined, book: GuestBook): () => void;
  /** Ends what a principal has open, once its key holds no more. */
  withdraw(principal: string): void;
  /** Somebody took the key back, for good. */
  ended(guest: KnownGuest, by: string): void;
}

/** The kernel as one feature sees it in one world. */
export interface FeatureContext<F extends FeatureOptions = FeatureOptions> {
  /** `path`: what stands before the paths of its APIs, `/worlds/NAME`; nothing for the world of the short addresses. */
  readonly world: { readonly name: string; readonly path: string };
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: FeatureLog;
  readonly settings: SettingsOf<F>;
  readonly store: FeatureStore;
  readonly blobs: Blobs;
  /** Opens `NAME.jsonl` of the data folder: what must be on disk before it is acted upon. The feature closes it. */
  journal<Item extends { readonly id: string }>(name: string): Journal<Item>;
  /** Of the data folder, made when missing: for what a feature keeps in files of its own. */
  folder(name: string): string;
  /** The plant as a principal may see it. */
  view(principal: Principal): PlantView;
  readonly guests: Guests;
  /** The plant for the feature's own work. */
  readonly own: PlantView;
  /** The live table behind `own`, for work that touches every signal. */
  readonly table: LiveTable;
  readonly folds: Folds;
  readonly derivations: Derivations;
  /** Long computations on request, of the kinds that the manifest declares. */
  readonly jobs: Jobs;
  /** Measured until the feature closes. */
  metric(metric: Metric): void;
  /** A name for the one who did something; "someone" where it was erased. */
  nameOf(actor: string): string;
  readonly texts: PersonalTexts;
  /** What it keeps of people in files of its own is handed to them and erased with them, until the feature closes. */
  personal(holder: PersonalHolder): void;
  readonly intake: SampleIntake;
  /** Folders of this machine that plants which are files may be read from; none unless the server was started with them. */
  readonly fileFolders: readonly string[];
  /** The process that the world runs in, as it was started. */
  readonly host: { readonly version: string; readonly workers: number; readonly nativeModels: boolean };
  /** Gives memory that long work left behind back to the machine. It stops the process for about a fifth of a second. */
  releaseMemory(): void;
  now(): Instant;
  /** Only topics of its own contract. Who may not read every one of the signals `inputs` does not receive it. */
  publish<T extends F["topics"][number]>(topic: T, payload: PayloadOf<T & TopicOptions>, inputs?: readonly RecordId[]): void;
  use<P extends F["needs"]["ports"][number]>(port: P): ValueOf<P>;
  /** Asked at each call and never kept: undefined while the provider is off or failed. */
  find<P extends F["needs"]["may"][number]>(port: P): ValueOf<P> | undefined;
  /** What other features give to a slot of this one. */
  contributions<S extends F["offers"]["slots"][number]>(slot: S): Contributions<S extends Slot<infer Contribution> ? Contribution : never>;
  /** Shown beside the feature until it is called with nothing: it works, but not wholly. */
  degraded(message: string | undefined): void;
  /** Ends when the feature closes. */
  readonly signal: AbortSignal;
}

/** A value for a slot, by the key of the slot. */
export interface Contributed {
  readonly key: string;
  readonly value: unknown;
}

/** What a feature is in one world once it is open. A missing handler, port or finder of branches does not compile. */
export type Opened<F extends FeatureOptions> = {
  readonly handlers: HandlersOf<F["contract"]>;
  readonly ports: PortsOf<F["offers"]["ports"]>;
  /** What it gives to slots of its needs that it can give only once it is open. */
  readonly contributed?: readonly Contributed[];
  close(): Promise<void>;
} & BranchFindersOf<RecordKindOf<F["contract"][number]>> &
  JobHandlersOf<F["jobs"][number]["kind"]>;

type JobHandlersOf<Kind extends string> = [Kind] extends [never]
  ? unknown
  : string extends Kind
    ? { readonly jobs?: Readonly<Record<string, JobHandler>> }
    : {
        /** What carries out each kind of job. They are called while the feature is open, and have ended before it closes. */
        readonly jobs: { readonly [K in Kind]: JobHandler };
      };

type RecordKindOf<E> = E extends { readonly branch?: infer Branch } ? KindIn<Branch> : never;
type KindIn<Branch> = Branch extends `record.${infer Kind}` ? Kind : never;
type BranchFindersOf<Kind extends string> = [Kind] extends [never]
  ? unknown
  : string extends Kind
    ? { readonly branchOf?: Readonly<Record<string, (id: string) => BranchId | Promise<BranchId>>> }
    : {
        /** The branch of a record by its id. Throws DW_NOT_FOUND where there is no such record. */
        readonly branchOf: { readonly [K in Kind]: (id: string) => BranchId | Promise<BranchId> };
      };

/** Opens a feature in a world: at most 5 s, waits for no plant, broker or network. Nothing registers afterwards. */
export type Open<F extends FeatureOptions> = (ctx: FeatureContext<F>) => Promise<Opened<F>>;
