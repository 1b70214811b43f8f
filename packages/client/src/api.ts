import type { AlarmItem, ConnectionStatus } from "@doppelwerk/sync";
import type { Branch, BranchId, Instant, RecordId } from "@doppelwerk/world";
import type { FanPoint, RunRequest, Verdict } from "./runs-api.ts";

/**
 * Shapes of the own HTTP API under `/api/doppelwerk/v1` (the default world). Instants are microseconds.
 * Errors answer `{ error: { code, message, details? } }` with the status of the code.
 *
 * GET  /world                         → WorldInfo
 * GET  /line?branch                   → LineInfo (stations, flows, products, stage; from the shells of the branch)
 * GET  /rail?from&to&points           → Rail
 * GET  /window?signals&from&to        → binary samples frame (signals = comma list of ids, or `tracking` for every signal the line fold needs)
 * GET  /trend?signal&from&to&points&percentiles → Trend
 * GET  /durations?signal&from&to&points → StateDurations
 * GET  /history/damage                → HistoryDamage[]
 * POST /time-series                   → SeriesSubmodel
 * GET  /at?t                          → binary samples frame, last sample of every signal at or before t
 * GET  /snapshot?t                    → Snapshot (the server's own fold, same code as the studio's; t absent = live)
 * GET  /kpis?from&to                  → Kpis ; GET /shifts → ShiftKpis[]
 * GET  /alarms?t                      → AlarmItem[] ; POST /alarms/{id}/acknowledge|shelve|unshelve {reason?, untilS?}
 * GET  /alarm-history?from&to&station → AlarmItem[] (one per transition)
 * GET  /branches → Branch[] ; POST /branches {name, at?: Instant} → Branch ; DELETE /branches/{b}
 * GET  /branches/{b}/factors → Factor[] ; GET /branches/{b}/diff → DiffItem[] ; GET /branches/{b}/parameters → FittedParameter[]
 * GET  /branches/{b}/runs → RunSummary[] ; POST /branches/{b}/runs RunRequest → RunSummary ; DELETE /runs/{id} (cancel) ; GET /runs/{id} → RunResult ; POST /runs/{id}/rerun → RunSummary
 * GET  /runs/{id}/model → RunModel (what was simulated, so that any replication can be watched)
 * GET  /backtest → Backtest | {state:"running", done, total}
 * GET  /branches/{b}/drift → DriftNotice
 * GET  /merge-requests → MergeRequest[] ; POST /merge-requests {branch, title, text, runs, planned} → MergeRequest
 * GET  /merge-requests/{id} → MergeRequestDetail ; POST …/comments {text} ; POST …/approve ; POST …/merge ; POST …/reject {text}
 * GET  /log?before&limit → LogLine[]
 * POST /import?name (the file as application/octet-stream) → ImportReport
 * GET  /connections → ConnectionStatus[] ; POST /connections ConnectionWish & {name} → ConnectionStatus ; POST /connections/browse ConnectionWish → what the plant offers
 * GET  /secrets → string[] ; PUT|DELETE /secrets/{name}
 * GET  /submodels/{id base64url}/versions?branch&path&limit → DocumentVersion[]
 * POST /submodels/{id base64url}/rename {branch?, path, idShort, reason?} → Renaming
 * GET  /shells/{id base64url}/versions?branch&limit → DocumentVersion[]
 * GET  /shells/{aasId base64url}/card?branch&at → ShellCard (nameplate, documents, signals of one asset)
 * The person is sent as headers `Doppelwerk-Person` (opaque client id) and `Doppelwerk-Name` (percent-encoded UTF-8), shown *unverified*.
 */
export const API_BASE = "/api/doppelwerk/v1";

export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** A plant to connect to. */
export interface ConnectionWish {
  readonly url: string;
  /** Only where the address does not say it: `sparkplug` on a broker, `http` or `mtconnect`. */
  readonly protocol?: string;
  /** How it is spoken to; the shape is the protocol's (docs/guide/connectors.md). Never a secret. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Name of a secret that was put before. */
  readonly secret?: string;
  /** Seconds to listen where a plant speaks by itself. */
  readonly listenS?: number;
}

export interface WorldInfo {
  readonly world: string;
  readonly title: Text;
  readonly path: readonly Text[];
  readonly version: string;
  readonly now: Instant;
  readonly revision: number;
  readonly empty: boolean;
  readonly demo: boolean;
  readonly historyFrom: Instant | undefined;
  readonly backfill: { readonly progress: number; readonly samples: number; readonly done: boolean };
  /** Whether what comes is kept, and what of the record is damaged. */
  readonly history: {
    /** Present while the historian takes no samples. */
    readonly refusedSince?: Instant;
    readonly diskFull?: boolean;
    /** Samples not kept since the server started. */
    readonly unwritten: number;
    readonly damagedFiles: number;
    readonly missingSamples: number;
  };
  readonly connections: readonly ConnectionStatus[];
  readonly timeZone: string;
}

export interface StationInfo {
  readonly id: string;
  readonly name: Text;
  readonly shell: string;
  readonly places: number;
  readonly idealCycleS: number;
  readonly bufferCapacity: number;
  readonly constraint: boolean;
  /** Role → signal record id. */
  readonly signals: Readonly<Record<string, RecordId>>;
  /** Process values to show, most relevant first. */
  readonly processValues: readonly RecordId[];
}

export interface LineInfo {
  readonly branch: BranchId;
  readonly id: string;
  readonly name: Text;
  readonly taktS: number;
  readonly constraint: string;
  readonly stations: readonly StationInfo[];
  readonly products: readonly { readonly id: string; readonly family: string }[];
  /** JSON of room operations' LineDefinition: what the fold in the browser needs. */
  readonly definition: unknown;
  /** JSON of room scene's Stage. */
  readonly stage: unknown;
}

/** The rail between from and to: at most `points` segments a lane. */
export interface Rail {
  readonly from: Instant;
  readonly to: Instant;
  readonly now: Instant;
  /** Line state at the constraint, merged to the dominant state a segment; share = fraction of that state. */
  readonly band: readonly { readonly from: Instant; readonly to: Instant; readonly state: string; readonly share: number }[];
  readonly shifts: readonly {
    readonly from: Instant;
    readonly to: Instant;
    readonly name: string;
    readonly good: number | undefined;
    readonly oee: number | undefined;
  }[];
  readonly alarms: readonly { readonly at: Instant; readonly priority: 1 | 2 | 3 | 4; readonly station: string; readonly count: number }[];
  readonly changes: readonly {
    readonly at: Instant;
    readonly kind: "merge" | "edit" | "fork" | "note";
    readonly revision: number;
    readonly title: string;
    readonly branch: BranchId;
  }[];
  readonly lanes: readonly RailLane[];
}

export interface RailLane {
  readonly branch: Branch;
  readonly hue: string;
  /** Simulated future: median, 50 % and 95 % of cumulative good output at each instant. */
  readonly fan: readonly FanPoint[];
  /** The live side of the same forecast, on the same random numbers: what `fan` compares with. */
  readonly reference?: readonly FanPoint[];
  readonly verdict?: Verdict;
  /** Of the run that the verdict is of: a study speaks of the long run, a forecast of these two shifts. */
  readonly verdictOf?: RunRequest["kind"];
}

export interface Trend {
  readonly signal: RecordId;
  readonly name: string;
  readonly unit?: string;
  readonly from: Instant;
  readonly width: Instant;
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  readonly quality: readonly number[];
  /** Those asked for: the least value that, with all below it, was held for so many percent of the known time of the bucket. */
  readonly percentiles?: readonly { readonly percent: number; readonly values: readonly (number | null)[] }[];
  /** Before it the buckets come from tiers: the samples were thinned by the signal's retention. */
  readonly thinnedBefore?: Instant;
  readonly raw: boolean;
}

/** Seconds a signal was in each state, per bucket; with `unknownS` they add up to the bucket's width. */
export interface StateDurations {
  readonly signal: RecordId;
  readonly name: string;
  readonly from: Instant;
  readonly width: Instant;
  readonly states: readonly { readonly state: string | number; readonly seconds: readonly number[] }[];
  readonly unknownS: readonly number[];
}

/** The submodel with the series of an asset, and the signal of each of its columns. */
export interface SeriesSubmodel {
  readonly submodel: string;
  readonly columns: readonly { readonly idShort: string; readonly signal: string }[];
}

/** A damaged file of the history that was set aside, and which samples are missing with it. */
export interface HistoryDamage {
  readonly file: string;
  readonly why: string;
  readonly missing: readonly {
    readonly branch: string;
    readonly signal: RecordId;
    readonly name: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly count: number;
  }[];
  /** The file does not even tell what it held. */
  readonly unknown: boolean;
}

export interface StationSnapshot {
  readonly id: string;
  readonly state: string;
  readonly cause: string;
  readonly inferred: boolean;
  readonly since: Instant;
  readonly mode: string;
  readonly places: readonly { readonly state: string; readonly serial?: string; readonly product?: string; readonly since?: Instant }[];
  readonly buffer: {
    readonly count: number;
    readonly capacity: number;
    readonly parts: readonly { readonly serial: string; readonly product: string; readonly inferred: boolean }[];
  };
  readonly good: number | undefined;
  readonly lastCycleS: number | undefined;
  readonly alarm?: 1 | 2 | 3 | 4;
}

/** One instant of the line. The studio's 3D, table and alarm list read the same snapshot, so they agree (P11). */
export interface Snapshot {
  readonly instant: Instant;
  readonly live: boolean;
  /** How far the past is read and derived, 0 to 1, while it is; counts that need it are undefined until then, and past alarms are not known. */
  readonly reading?: number;
  /** There is no past from before, and counts that need more of it are undefined; absent once the line was watched for long enough. */
  readonly watchedSince?: Instant;
  readonly stations: readonly StationSnapshot[];
  /** Undefined = nothing was heard of the line, or its past is not read yet. */
  readonly wip: { readonly value: number | undefined; readonly error: number; readonly unmatched: readonly string[] };
  readonly shift:
    | {
        readonly name: string;
        readonly from: Instant;
        readonly to: Instant;
        /** Undefined = nothing was heard of the line, or its past is not read yet. */
        readonly good: number | undefined;
        readonly due: number;
        readonly plan: number;
      }
    | undefined;
  readonly alarms: readonly AlarmItem[];
  readonly agvs: readonly {
    readonly id: string;
    readonly x: number;
    readonly y: number;
    readonly heading: number;
    readonly state: string;
    readonly battery: number;
  }[];
}

export interface Kpis {
  readonly from: Instant;
  readonly to: Instant;
  readonly constraint: string;
  readonly oee: number | undefined;
  readonly availability: number | undefined;
  readonly effectiveness: number | undefined;
  readonly qualityRatio: number | undefined;
  readonly good: number;
  readonly produced: number;
  readonly scrap: number;
  readonly reworked: number;
  readonly firstPassYield: number | undefined;
  readonly plannedBusyS: number;
  readonly actualProductionS: number;
  readonly idealCycleS: number;
  readonly unknownS: number;
  readonly throughputPerHour: number | undefined;
  readonly leadTimeS: number | undefined;
  readonly wip: number | undefined;
  readonly findings: readonly string[];
  /** Seconds by state, one row a station. */
  readonly timeShares: readonly { readonly station: string; readonly seconds: Readonly<Record<string, number>> }[];
  readonly bottleneck: readonly { readonly station: string; readonly share: number }[];
  readonly topStops: readonly { readonly station: string; readonly state: string; readonly seconds: number; readonly count: number }[];
}

export interface ShiftKpis extends Kpis {
  readonly name: string;
  readonly revision: number;
}
