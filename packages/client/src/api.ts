import type { AlarmItem, ConnectionStatus, RunProgress, Told } from "@doppelwerk/sync";
import type { Branch, BranchId, DiffItem, Instant, RecordId } from "@doppelwerk/world";

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

export interface FanPoint {
  readonly at: Instant;
  readonly p025: number;
  readonly p25: number;
  readonly p50: number;
  readonly p75: number;
  readonly p975: number;
}

export type Verdict = "better" | "worse" | "no evidence";

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

/** A changeable property of the line on a branch. */
export interface Factor {
  readonly element: RecordId;
  readonly key: string;
  readonly station: string | undefined;
  readonly label: Text;
  readonly unit: string;
  readonly group: "places" | "buffer" | "carriers" | "cycle" | "operators" | "repair" | "interval" | "other";
  readonly live: number;
  readonly value: number;
  readonly planned?: { readonly value: number; readonly effectiveFrom: string; readonly owner: string };
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly propertyClass: "logistics" | "quality" | "safety";
  readonly outsideObserved: boolean;
}

/** P2, P8: fitted from history with its own uncertainty. */
export interface FittedParameter {
  readonly station: string;
  readonly name: string;
  readonly unit: string;
  readonly distribution: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
  readonly pooled: boolean;
  readonly source: "fitted" | "nominal" | "edited";
  readonly nominal: number | undefined;
  readonly fit: string;
}

export interface RunRequest {
  readonly kind: "forecast" | "study";
  readonly seed: number;
  readonly replications: number;
  /** Study: simulated shifts after warm-up per replication. Forecast: this and the next shift. */
  readonly shifts?: number;
  /** P5: the smallest difference that matters, as a share of live's mean; default 0.005. */
  readonly relevantShare?: number;
}

export interface RunSummary extends RunProgress {
  readonly seed: number;
  /** Asked for, on each side; `total` counts every simulated one, those that tell chance from few data included. */
  readonly replications: number;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly diffHash: string;
  readonly resultHash?: string;
  readonly verdict?: Verdict;
  /** Servers that ended while it ran; it was gone on with each time. */
  readonly resumed?: number;
  /** Carried out again from what another one kept; `sameHash` tells whether it came to the same figures. */
  readonly rerunOf?: string;
  readonly sameHash?: boolean;
}

/** Both intervals, always named (P1): confidence of the mean, prediction for one shift. */
export interface KpiEstimate {
  readonly key: "throughput" | "oee" | "wip" | "leadTime" | "good" | "rework";
  readonly unit: string;
  readonly live: IntervalPair;
  readonly branch: IntervalPair;
  /** Paired difference on common random numbers, 95 % confidence. `relevant` is the smallest that matters: a verdict is an interval beyond it (P5). */
  readonly difference: { readonly mean: number; readonly halfWidth: number; readonly relevant: number };
  readonly verdict: Verdict;
}

export interface IntervalPair {
  readonly mean: number;
  readonly confidence: number;
  readonly predictionLow: number;
  readonly predictionHigh: number;
  /** Share of the prediction width from few data (P2), 0–1. */
  readonly inputShare: number;
}

export interface RunResult {
  readonly run: RunSummary;
  readonly kpis: readonly KpiEstimate[];
  readonly timeShares: readonly {
    readonly station: string;
    readonly live: Readonly<Record<string, number>>;
    readonly branch: Readonly<Record<string, number>>;
  }[];
  readonly bottleneck: readonly { readonly station: string; readonly live: number; readonly branch: number }[];
  readonly fan: { readonly live: readonly FanPoint[]; readonly branch: readonly FanPoint[] };
  readonly replications: readonly {
    readonly replication: number;
    readonly live: number;
    readonly branch: number;
    readonly traceHash: string;
  }[];
  /** Whether the books of every replication balanced: parts conserved, Little's law to the last microsecond. Absent in results of earlier versions. */
  readonly checks?: { readonly conservation: boolean; readonly littlesLaw: boolean; readonly replications: number };
  readonly initialState: readonly {
    readonly item: string;
    readonly value: string;
    readonly basis: "measured" | "inferred" | "assumed";
    readonly why: string;
  }[];
  readonly parameters: readonly FittedParameter[];
  readonly warnings: readonly string[];
  /** The same warnings in the same order as codes with values; labels in both languages as `labelEn` and `labelZh`. */
  readonly warningsTold?: readonly Told[];
  readonly model: { readonly hash: string; readonly seed: number; readonly code: string; readonly warmUpS: number };
}

/** What a run simulated: enough to simulate any of its replications again, anywhere, to the same trace hash. JSON of room sim's shapes. */
export interface RunModel {
  /** `ExperimentModel` of each side. */
  readonly live: unknown;
  readonly branch: unknown;
  /** `ReplicationOptions` without the replication and whether its parameters are drawn (they are). */
  readonly options: unknown;
}

/** P4: rolling origin on past shifts. */
export interface Backtest {
  readonly state: "running" | "done";
  readonly done: number;
  readonly total: number;
  readonly horizons: readonly {
    readonly horizon: "1 h" | "this shift" | "next shift";
    readonly n: number;
    readonly bias: number;
    readonly meanAbsoluteError: number;
    readonly crps: number;
    readonly coverage90: number;
    readonly skill: number;
    readonly unit: string;
  }[];
  readonly points: readonly {
    readonly origin: Instant;
    readonly horizon: string;
    readonly low: number;
    readonly mid: number;
    readonly high: number;
    readonly realised: number;
  }[];
}

/** Whether the plant is still the one a fit was made from. */
export interface DriftNotice {
  /** The fit's instant; on live the beginning of its last five shifts. */
  readonly since?: Instant;
  /** Closed since then; without one nothing is asked. */
  readonly shifts: number;
  /** Parameters with data enough on both sides. */
  readonly asked: number;
  /** Probability that a plant in which nothing changed is called another one, over all parameters together. */
  readonly falseAlarms: number;
  /** Named and measured as in `FittedParameter`: means before and since, and the events or values since. */
  readonly drifts: readonly {
    readonly station: string;
    readonly name: string;
    readonly unit: string;
    readonly before: number;
    readonly recent: number;
    readonly n: number;
  }[];
}

/** P17: what a merge was expected to bring against what came. */
export interface ForecastRealised {
  readonly run: RecordId;
  readonly kind: RunRequest["kind"];
  readonly mergedAt: Instant;
  /** Everything planned is confirmed on the plant; absent while something is only planned. */
  readonly inEffectSince?: Instant;
  /** Live's own prediction, for shifts before the change is in effect; and the branch's, for those after. */
  readonly asItWas: HeldForecast;
  readonly changed: HeldForecast;
  /** Closed since the merge, in order. */
  readonly shifts: readonly {
    readonly name: string;
    readonly from: Instant;
    readonly to: Instant;
    readonly good: number;
    /** Absent: the change came in the middle of it. */
    readonly against?: "asItWas" | "changed" | undefined;
    /** Absent: not judged, because too little is known of it or it is held against nothing. */
    readonly inside?: boolean;
  }[];
}

/** Mean and 90 % prediction for one shift, machines a shift, and how many shifts it held. */
export interface HeldForecast extends Omit<IntervalPair, "inputShare"> {
  readonly judged: number;
  readonly inside: number;
  /** *disagrees*: a right forecast would hold so few of them less than once in twenty. *too few*: below five. */
  readonly verdict: "none yet" | "too few" | "agrees" | "disagrees";
}

export interface MergeRequest {
  readonly id: RecordId;
  readonly branch: BranchId;
  readonly branchName: string;
  readonly title: string;
  readonly text: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly createdAt: Instant;
  readonly status: "open" | "approved" | "merged" | "rejected" | "withdrawn";
  readonly stale: boolean;
  readonly approvals: readonly { readonly by: string; readonly name: string; readonly at: Instant; readonly valid: boolean }[];
  readonly comments: readonly { readonly by: string; readonly name: string; readonly at: Instant; readonly text: string }[];
  readonly planned: { readonly owner: string; readonly effectiveFrom: string; readonly action: string };
}

export interface MergeRequestDetail extends MergeRequest {
  readonly diff: readonly DiffLine[];
  readonly conflicts: readonly string[];
  readonly results: readonly RunResult[];
  /** Of a merged request that rests on a run. */
  readonly realised?: ForecastRealised;
  readonly diffItems: readonly DiffItem[];
  /** What an approval is bound to: send both back with it, so that what was seen is what is approved. */
  readonly diffHash: string;
  readonly resultHash: string;
  /** Why the asking person may not approve, absent when allowed; the code says the same for programs. */
  readonly mayNotApprove?: string;
  readonly mayNotApproveCode?: "closed" | "author" | "conflict" | "forbidden";
  /** The revision of live that wrote the plan, who merged it and when; absent until then. */
  readonly merged?: { readonly revision: number; readonly at: Instant; readonly by: string; readonly name: string };
}

export interface DiffLine {
  readonly shell: string;
  readonly path: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly unit: string;
}

export interface LogLine {
  readonly revision: number;
  readonly at: Instant;
  readonly actor: string;
  readonly name: string;
  readonly branch: BranchId;
  readonly reason: string;
  /** The reason as a code with values where the server wrote it; absent where a person did. */
  readonly told?: Told;
  readonly kind: "edit" | "fork" | "merge" | "import";
  readonly changes: number;
  readonly lines: readonly DiffLine[];
  readonly hash: string;
}

/** A proposal of a twin while it is made, and what became of it. */
export interface ProposalState {
  readonly id: RecordId;
  readonly name: string;
  readonly at: Instant;
  readonly state: "browsing" | "thinking" | "writing" | "done" | "failed";
  /** Why it failed. */
  readonly why?: string;
  /** What to ask with for the same again; absent for an event log, which is not kept. */
  readonly of?: Pick<ProposalWish, "connection" | "url" | "protocol" | "settings" | "secret">;
  /** Absent when there was nothing new. */
  readonly branch?: BranchId;
  readonly request?: RecordId;
  readonly summary?: ProposalSummary;
}

export interface ProposalSummary {
  readonly offered: number;
  readonly assets: number;
  /** Machines that another source told of before: their values join its assets. Absent in reports of before. */
  readonly joined?: number;
  readonly signals: number;
  readonly flows: number;
  readonly nameplates: number;
  readonly candidates: number;
  readonly changes: number;
  readonly conflicts: number;
  readonly questions: number;
  readonly unknown: number;
}

/** Why each thing is proposed, what is asked (each can be left), and what nobody told. */
export interface ProposalReport extends ProposalState {
  readonly evidence: readonly {
    readonly kind: "tree" | "asset" | "nameplate" | "signal" | "flow" | "candidate";
    readonly shell: string;
    readonly subject: string;
    readonly why: ProposalText;
    /** 0–1. */
    readonly confidence: number;
  }[];
  readonly questions: readonly { readonly id: string; readonly text: ProposalText; readonly choices?: readonly string[] }[];
  readonly unknowns: readonly { readonly text: ProposalText; readonly count: number; readonly examples: readonly string[] }[];
  readonly conflicts: readonly { readonly id: RecordId; readonly field: string; readonly reason: string }[];
}

interface ProposalText {
  readonly en: string;
  readonly zh: string;
}

/** What a proposal is made from: a connection, an address, an event log beside it or alone; answers by question id. */
export interface ProposalWish extends Partial<ConnectionWish> {
  readonly connection?: RecordId;
  readonly name?: string;
  /** CSV or XES. */
  readonly eventLog?: string;
  /** A file that was looked into; with `url` where what it describes is. */
  readonly file?: string;
  readonly answers?: Readonly<Record<string, string>>;
}

/** What an import of AASX, JSON or XML did: it is merged three-way, so importing again keeps what people changed. */
export interface ImportReport {
  readonly created: number;
  readonly changed: number;
  readonly conflicts: number;
  /** Connections that are described and wait for a person to connect them; absent = none. */
  readonly waiting?: number;
  readonly findings: readonly { readonly path: string; readonly constraint: string; readonly severity: string; readonly message: string }[];
}

/** One time at which a submodel or an element of it was written. */
export interface DocumentVersion {
  readonly revision: number;
  /** µs since the epoch; `$history?date=` of the AAS API gives the document of that time. */
  readonly at: number;
  /** Who did it. */
  readonly name: string;
  readonly branch: string;
  readonly reason: string;
}

/** What is wrong with a file, with what can be done about it: the best first. */
export interface FileFinding {
  readonly path: string;
  readonly constraint: string;
  readonly severity: "error" | "warning" | "info" | "repaired";
  readonly message: string;
  readonly repairs?: readonly { readonly how: string; readonly kind: "plain" | "guess" }[];
}

/** What an import of a file would bring. */
export interface FileReport {
  readonly format: string;
  readonly release?: string;
  readonly shells: number;
  readonly submodels: number;
  readonly elements: number;
  readonly conceptDescriptions: number;
  readonly files: number;
  readonly valid: boolean;
  readonly findings: readonly FileFinding[];
  readonly repaired?: readonly { readonly path: string; readonly constraint: string; readonly how: string }[];
}

export interface ShellCard {
  readonly aasId: string;
  readonly idShort: string;
  readonly name: Text;
  readonly nameplate: readonly { readonly label: Text; readonly value: string }[];
  readonly properties: readonly {
    readonly path: string;
    readonly label: Text;
    readonly value: string;
    readonly unit: string;
    readonly planned?: { readonly value: string; readonly effectiveFrom: string; readonly owner: string };
  }[];
  readonly submodels: readonly { readonly idShort: string; readonly id: string; readonly url: string }[];
}
