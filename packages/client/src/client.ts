import { decodeSamplesFrame, SAMPLES_FRAME_VERSION } from "@doppelwerk/sync";
import type { ConnectionStatus } from "@doppelwerk/sync";
import type { Branch, BranchId, DiffItem, Instant, PlannedMeta, RecordId, SampleBatch } from "@doppelwerk/world";
import type { ConnectionRequest } from "./connections-api.ts";
import type { DocumentVersion, FileReport, ImportReport, Renaming, ShellCard } from "./documents-api.ts";
import type { HistoryDamage, StateDurations, Trend } from "./history-api.ts";
import type { Kpis, LineInfo, ListedLine, ShiftKpis, Snapshot } from "./line-api.ts";
import type { LogLine, MergeRequest, MergeRequestDetail } from "./merge-requests-api.ts";
import type { ProposalReport, ProposalState, ProposalRequest } from "./proposals-api.ts";
import type { Rail } from "./rail-api.ts";
import type { Backtest, DriftNotice, Factor, FittedParameter, RunRequest, RunResult, RunSummary } from "./runs-api.ts";
import type { WorldInfo } from "./world-api.ts";
import { createLiveSession } from "./live-session.ts";
import type { After, LiveOptions, LiveSession, WebSocketConstructor } from "./live-session.ts";
import { commandCalls, type CommandCalls } from "./commands-client.ts";
import { stateCalls, type StateCalls } from "./states-client.ts";
import { plantCalls, type PlantCalls } from "./plants-client.ts";
import { jobCalls, type JobCalls } from "./jobs-api.ts";
import { placeRolesCalls, type PlaceRolesCalls } from "./place-roles-api.ts";
import { propertyClassCalls, type PropertyClassCalls } from "./property-class-api.ts";
import { accessCalls, type AccessCalls } from "./access-api.ts";
import { providerCalls, type ProviderCalls } from "./providers-api.ts";
import { serverStateCalls, type ServerStateCalls } from "./server-state-api.ts";
import { terminalCalls, type TerminalCalls } from "./terminals-api.ts";
import { identityCalls, type IdentityCalls } from "./identities-api.ts";
import { machineCalls, type MachineCalls } from "./machines-api.ts";
import { protectionCalls, type ProtectionCalls } from "./protection-api.ts";
import { controlCalls, type ControlCalls } from "./controls-api.ts";
import { identificationCalls, type IdentificationCalls } from "./identification-api.ts";
import { transparencyCalls, type TransparencyCalls } from "./transparency-api.ts";
import { privacyCalls, type PrivacyCalls } from "./privacy-api.ts";
import { accountCalls, type AccountCalls } from "./accounts-api.ts";
import { worldCalls, type WorldCalls } from "./worlds-api.ts";
import { optimiseCalls, type OptimiseCalls } from "./optimise-client.ts";
import { createRequester } from "./request.ts";
import type { ClientPerson, FetchLike, Requester } from "./request.ts";

export interface ClientOptions {
  /** Origin of the server, for example `http://127.0.0.1:4848`. */
  readonly baseUrl: string;
  /** Default: the world of the short addresses. */
  readonly world?: string;
  readonly person: ClientPerson;
  readonly fetch: FetchLike;
  /** Needed by `live()` only. */
  readonly WebSocket?: WebSocketConstructor;
  /** Calls back once after so many milliseconds; returns how to call it off. Needed by `live()` only. */
  readonly after?: After;
  /** Needed by `live()` only: for "offline since". */
  readonly now?: () => Instant;
}

/** Call options: `signal` is an AbortSignal of the runtime. */
export interface Call {
  readonly signal?: unknown;
}

/** `line`: its id; without one the first. */
export interface LineCall extends Call {
  readonly line?: string | undefined;
}

export interface SampleExport {
  /** Ids; or every signal of a place, or of the place of a line, and of all in it. */
  readonly signals: readonly RecordId[] | { readonly place: RecordId } | { readonly line: RecordId };
  readonly from: Instant;
  readonly to: Instant;
  readonly format: "csv" | "parquet";
  /** Present: side by side, a row each so many seconds. */
  readonly stepS?: number;
  /** What a step holds; the time-weighted mean when nothing is said. */
  readonly value?: "mean" | "last" | "min" | "max";
  /** An IANA zone: CSV has its local time beside UTC, and the station of each signal. */
  readonly zone?: string;
}

/** Every call of the own API (`api.ts`), typed. All of them reject with DoppelwerkError. */
export interface Client
  extends
    AccessCalls,
    PlaceRolesCalls,
    PropertyClassCalls,
    ServerStateCalls,
    AccountCalls,
    MachineCalls,
    IdentityCalls,
    TerminalCalls,
    ProviderCalls,
    ProtectionCalls,
    ControlCalls,
    IdentificationCalls,
    TransparencyCalls,
    PrivacyCalls,
    PlantCalls,
    CommandCalls,
    JobCalls,
    OptimiseCalls,
    StateCalls,
    WorldCalls {
  readonly person: ClientPerson;
  /** Carries the calls that are generated beside the contract of a feature. */
  readonly requester: Requester;
  rename(name: string): void;
  world(call?: Call): Promise<WorldInfo>;
  line(branch?: BranchId, call?: LineCall): Promise<LineInfo>;
  /** In their order; the first is meant where none is named. */
  lines(branch?: BranchId, call?: Call): Promise<readonly ListedLine[]>;
  /** Those of these ids that the branch has, in one answer; at most 40. */
  describedLines(ids: readonly string[], branch?: BranchId, call?: Call): Promise<readonly LineInfo[]>;
  rail(from: Instant, to: Instant, points: number, call?: LineCall): Promise<Rail>;
  /** `tracking`: the signals that the lines are folded from, or one of them. */
  window(signals: readonly RecordId[] | "tracking", from: Instant, to: Instant, call?: LineCall): Promise<SampleBatch>;
  at(instant: Instant, call?: Call): Promise<SampleBatch>;
  /** `percentiles`: up to ten of 0 to 100, by time held. */
  trend(
    signal: RecordId,
    from: Instant,
    to: Instant,
    points: number,
    call?: Call & { readonly percentiles?: readonly number[] },
  ): Promise<Trend>;
  /** A file of what was recorded: a row a sample, or with `stepS` a row a step and a column a signal. */
  exportSamples(request: SampleExport, call?: Call): Promise<Uint8Array>;
  /** A package (AASX) of the shells of the signals, with Time Series Data whose samples come along as CSV. */
  exportSeries(request: Pick<SampleExport, "from" | "to"> & { readonly signals: readonly RecordId[] }, call?: Call): Promise<Uint8Array>;
  /** Files of the history that were found damaged, and what is missing with them. */
  historyDamage(call?: Call): Promise<readonly HistoryDamage[]>;
  /** Seconds in each state, in `points` buckets. */
  durations(signal: RecordId, from: Instant, to: Instant, points: number, call?: Call): Promise<StateDurations>;
  snapshot(instant?: Instant, call?: LineCall): Promise<Snapshot>;
  kpis(from: Instant, to: Instant, call?: LineCall): Promise<Kpis>;
  shifts(call?: LineCall): Promise<readonly ShiftKpis[]>;
  branches(call?: Call): Promise<readonly Branch[]>;
  fork(name: string, at?: Instant): Promise<Branch>;
  abandon(branch: BranchId): Promise<void>;
  factors(branch: BranchId, call?: LineCall): Promise<readonly Factor[]>;
  diff(branch: BranchId, call?: Call): Promise<readonly DiffItem[]>;
  parameters(branch: BranchId, call?: LineCall): Promise<readonly FittedParameter[]>;
  runs(branch: BranchId, call?: Call): Promise<readonly RunSummary[]>;
  run(branch: BranchId, request: RunRequest): Promise<RunSummary>;
  cancelRun(run: string): Promise<void>;
  /** The same plan again, from its first replication. */
  rerun(run: string): Promise<RunSummary>;
  runResult(run: string, call?: Call): Promise<RunResult>;
  backtest(call?: LineCall): Promise<Backtest>;
  drift(branch: BranchId, call?: LineCall): Promise<DriftNotice>;
  mergeRequests(call?: Call): Promise<readonly MergeRequest[]>;
  propose(request: {
    readonly branch: BranchId;
    readonly title: string;
    readonly text: string;
    readonly runs: readonly string[];
    readonly planned: PlannedMeta;
  }): Promise<MergeRequest>;
  mergeRequest(id: RecordId, call?: Call): Promise<MergeRequestDetail>;
  comment(id: RecordId, text: string): Promise<MergeRequestDetail>;
  /** `seen`: the hashes of the detail that was reviewed; DW_STALE_APPROVAL when something else would be merged by now. */
  approve(id: RecordId, seen?: Pick<MergeRequestDetail, "diffHash" | "resultHash">): Promise<MergeRequestDetail>;
  merge(id: RecordId): Promise<MergeRequestDetail>;
  reject(id: RecordId, text: string): Promise<MergeRequestDetail>;
  log(options?: { readonly before?: number; readonly limit?: number }, call?: Call): Promise<readonly LogLine[]>;
  connections(call?: Call): Promise<readonly ConnectionStatus[]>;
  /** `addresses`: only these of what the plant offers; absent = all. */
  connect(connection: ConnectionRequest & { readonly name: string; readonly addresses?: readonly string[] }): Promise<ConnectionStatus>;
  /** Begins a proposal of a twin; `proposal` tells how far it is. */
  proposeTwin(request: ProposalRequest): Promise<ProposalState>;
  proposals(call?: Call): Promise<readonly ProposalState[]>;
  proposal(id: RecordId, call?: Call): Promise<ProposalReport>;
  /** Imports AASX, JSON or XML into live; the kind is read from the content. */
  importFile(name: string, bytes: Uint8Array<ArrayBuffer>, repair?: string): Promise<ImportReport>;
  /** What an import would bring and what is wrong with the file; nothing is imported. `repair`: `none`, `plain`, `all`, or constraints with commas. */
  reportFile(bytes: Uint8Array<ArrayBuffer>, repair?: string): Promise<FileReport>;
  /** When a submodel, or the element at an idShortPath of it, was written; newest first. */
  versions(
    encodedSubmodelId: string,
    of: { readonly branch: BranchId; readonly path?: string },
    call?: Call,
  ): Promise<readonly DocumentVersion[]>;
  /** When a shell was written, without what is in its submodels; newest first. */
  shellVersions(encodedAasId: string, of: { readonly branch: BranchId }, call?: Call): Promise<readonly DocumentVersion[]>;
  /** Renames the element at an idShortPath of a submodel; references to it, and to what is below it, lead there again. One transaction. */
  renameElement(
    encodedSubmodelId: string,
    request: { readonly branch: BranchId; readonly path: string; readonly idShort: string; readonly reason?: string },
  ): Promise<Renaming>;
  /** `encodedAasId` is the base64url form of the AAS id, as everywhere in the AAS API. */
  shellCard(encodedAasId: string, options?: { readonly branch?: BranchId; readonly at?: Instant }, call?: Call): Promise<ShellCard>;
  /** The live session on `/ws`; it keeps itself connected until `close()`. */
  live(options?: LiveOptions): LiveSession;
}

/** A client of one server for Node and browser; knows no clock, network or timer but those it is given. */
export function createClient(options: ClientOptions): Client {
  let person = options.person;
  const { baseUrl, fetch } = options;
  const server = createRequester({ baseUrl, fetch, person: () => person });
  const { world } = options;
  const requester = world === undefined ? server : createRequester({ baseUrl, world, fetch, person: () => person });
  const get = <Result>(path: string, query?: Readonly<Record<string, string | number | undefined>>, call?: Call): Promise<Result> =>
    requester.json<Result>("GET", path, { query, ...call });
  const post = <Result>(path: string, body: unknown = {}): Promise<Result> => requester.json<Result>("POST", path, { body });
  const frame = async (path: string, query: Readonly<Record<string, string | number>>, call?: Call): Promise<SampleBatch> =>
    decodeSamplesFrame(await requester.bytes(path, { query, ...call }));
  const part = encodeURIComponent;
  return {
    requester,
    get person() {
      return person;
    },
    rename(name) {
      person = { ...person, name };
    },
    world: (call) => get("/world", undefined, call),
    line: (branch, { line, ...call } = {}) => get("/line", { branch, line }, call),
    lines: async (branch, call) => (await get<{ readonly lines: readonly ListedLine[] }>("/lines", { branch }, call)).lines,
    describedLines: async (ids, branch, call) =>
      ids.length === 0
        ? []
        : (await get<{ readonly lines: readonly LineInfo[] }>("/lines/info", { branch, lines: ids.join(",") }, call)).lines,
    rail: (from, to, points, { line, ...call } = {}) => get("/rail", { from, to, points, line }, call),
    window: (signals, from, to, { line, ...call } = {}) =>
      frame(
        "/window",
        {
          signals: signals === "tracking" ? signals : signals.join(","),
          ...(line !== undefined && { line }),
          from,
          to,
          frame: SAMPLES_FRAME_VERSION,
        },
        call,
      ),
    at: (instant, call) => frame("/at", { t: instant, frame: SAMPLES_FRAME_VERSION }, call),
    trend: (signal, from, to, points, call) => get("/trend", { signal, from, to, points, percentiles: call?.percentiles?.join(",") }, call),
    exportSamples: ({ signals, from, to, format, stepS, value, zone }, call) =>
      requester.bytes("/export/samples", {
        query: {
          ...("length" in signals ? { signals: signals.join(",") } : signals),
          from,
          to,
          format,
          layout: stepS === undefined ? "long" : "wide",
          step: stepS,
          value,
          zone,
        },
        ...call,
      }),
    exportSeries: ({ signals, from, to }, call) =>
      requester.bytes("/export/time-series", { query: { signals: signals.join(","), from, to }, ...call }),
    historyDamage: (call) => get("/history/damage", undefined, call),
    durations: (signal, from, to, points, call) => get("/durations", { signal, from, to, points }, call),
    snapshot: (t, { line, ...call } = {}) => get("/snapshot", { t, line }, call),
    kpis: (from, to, { line, ...call } = {}) => get("/kpis", { from, to, line }, call),
    shifts: ({ line, ...call } = {}) => get("/shifts", { line }, call),
    branches: (call) => get("/branches", undefined, call),
    fork: (name, at) => post("/branches", { name, at }),
    abandon: (branch) => requester.json("DELETE", `/branches/${part(branch)}`),
    factors: (branch, { line, ...call } = {}) => get(`/branches/${part(branch)}/factors`, { line }, call),
    diff: (branch, call) => get(`/branches/${part(branch)}/diff`, undefined, call),
    parameters: (branch, { line, ...call } = {}) => get(`/branches/${part(branch)}/parameters`, { line }, call),
    runs: (branch, call) => get(`/branches/${part(branch)}/runs`, undefined, call),
    run: (branch, request) => post(`/branches/${part(branch)}/runs`, request),
    cancelRun: (run) => requester.json("DELETE", `/runs/${part(run)}`),
    rerun: (run) => post(`/runs/${part(run)}/rerun`, {}),
    runResult: (run, call) => get(`/runs/${part(run)}`, undefined, call),
    backtest: ({ line, ...call } = {}) => get("/backtest", { line }, call),
    drift: (branch, { line, ...call } = {}) => get(`/branches/${part(branch)}/drift`, { line }, call),
    mergeRequests: (call) => get("/merge-requests", undefined, call),
    propose: (request) => post("/merge-requests", request),
    mergeRequest: (id, call) => get(`/merge-requests/${part(id)}`, undefined, call),
    comment: (id, text) => post(`/merge-requests/${part(id)}/comments`, { text }),
    approve: (id, seen) => post(`/merge-requests/${part(id)}/approve`, seen),
    merge: (id) => post(`/merge-requests/${part(id)}/merge`),
    reject: (id, text) => post(`/merge-requests/${part(id)}/reject`, { text }),
    log: (page, call) => get("/log", { before: page?.before, limit: page?.limit }, call),
    connections: (call) => get("/connections", undefined, call),
    connect: (connection) => post("/connections", connection),
    proposeTwin: (request) => post("/proposals", request),
    proposals: (call) => get("/proposals", undefined, call),
    proposal: (id, call) => get(`/proposals/${part(id)}`, undefined, call),
    importFile: (name, bytes, repair) => requester.json("POST", "/import", { query: { name, repair }, body: bytes }),
    reportFile: (bytes, repair) => requester.json("POST", "/import/report", { query: { repair }, body: bytes }),
    versions: (encodedSubmodelId, { branch, path }, call) => get(`/submodels/${part(encodedSubmodelId)}/versions`, { branch, path }, call),
    shellVersions: (encodedAasId, { branch }, call) => get(`/shells/${part(encodedAasId)}/versions`, { branch }, call),
    renameElement: (encodedSubmodelId, request) => post(`/submodels/${part(encodedSubmodelId)}/rename`, request),
    shellCard: (encodedAasId, which, call) => get(`/shells/${part(encodedAasId)}/card`, { branch: which?.branch, at: which?.at }, call),
    ...plantCalls(requester),
    ...commandCalls(requester),
    ...jobCalls(requester),
    ...accessCalls(requester),
    ...placeRolesCalls(requester),
    ...propertyClassCalls(requester),
    ...accountCalls(server),
    ...machineCalls(server),
    ...identityCalls(server),
    ...terminalCalls(server),
    ...providerCalls(server),
    ...protectionCalls(server),
    ...controlCalls(server),
    ...identificationCalls(server),
    ...transparencyCalls(server),
    ...serverStateCalls(server),
    ...privacyCalls(server),
    ...worldCalls(server),
    ...optimiseCalls(requester),
    ...stateCalls(requester),
    live: (live) => createLiveSession({ ...options, person: () => person, ...live }),
  };
}
