import { Worker } from "node:worker_threads";
import { checkConnection, wholeAddress } from "@doppelwerk/connectors";
import { DoppelwerkError, hashedId, message as messageOf, SECOND, type Language, type Message } from "@doppelwerk/kit";
import type { FeatureLog, PlantView } from "@doppelwerk/kit/server";
import type { Connections, Importer } from "@doppelwerk/ports";
import type { Answers, Proposal, SampleSummary } from "@doppelwerk/operations";
import { LIVE, recordsOfPlant } from "@doppelwerk/world";
import type {
  Blobs,
  Branch,
  BrowseResult,
  Clock,
  ConnectionRecord,
  FoundPlant,
  IdSource,
  Json,
  MergeRequestRecord,
  RecordReader,
  SignalRecord,
  WorldRecord,
  WorldView,
} from "@doppelwerk/world";
import type { ProposalReport, ProposalRequest, ProposalState, ProposalSummary } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { ChosenColumns } from "@doppelwerk/connectors/event-log";
import { describedEstimates } from "./described-estimates.ts";
import { documentEvidence, groupedFindings } from "./document-proposal.ts";
import { knownAssets } from "./known-assets.ts";
import { offeredOfBrowse } from "./offered-of-browse.ts";
import type { HeldFile, PlantFiles } from "./plant-files.ts";
import { readReport, type StoredReport } from "./stored-report.ts";
import { proposalChanges, type ProposalChanges, type ProposalOrigin } from "./proposal-changes.ts";
import { proposalWords } from "./proposal-words.ts";
import type { FromProposalWorker, ProposalTask } from "./proposal-worker.ts";

/** One run, kept in the log of live: what was found, why, and which branch and request it became. The long lists are in a blob. */
interface ProposalRecord extends WorldRecord {
  readonly kind: "proposal";
  readonly source: string;
  readonly name: string;
  readonly at: number;
  readonly of?: Again;
  readonly branch?: string;
  readonly request?: string;
  readonly summary: ProposalSummary & { readonly [key: string]: Json };
  readonly answers: { readonly [id: string]: string };
  readonly report: string;
  readonly dismissed?: { readonly by: string; readonly at: number };
}

type Again = { readonly [key in "connection" | "url" | "protocol" | "secret" | "file"]?: string } & {
  readonly settings?: { readonly [name: string]: Json };
};

type Running = {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly principal: string;
  readonly language: Language;
  readonly state: "browsing" | "thinking" | "writing" | "failed";
  readonly of?: Again;
  readonly why?: string;
  readonly told?: Message;
  readonly dismissed?: { readonly by: string; readonly at: number };
};

const MAX_RUNNING = 4;
const MAX_REMEMBERED = 50;
const PAST_S = 7 * 86_400;
const LOOKS = 96;
const MAX_LOOKED_AT = 5_000;
const MAX_SIGNALS_LOOKED_AT = 20_000;

export interface ProposalServiceOptions {
  readonly files: PlantFiles;
  readonly plants: Pick<Connections, "browse" | "look">;
  readonly importer: () => Importer;
  readonly blobs: Blobs;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: FeatureLog;
}

/** Runs proposals one after the other beside the live plant: browse in the connectors' process, propose in a thread, write a branch and open a request. */
export class ProposalService {
  readonly #options: ProposalServiceOptions;
  readonly #jobs = new Map<string, Running>();

  constructor(options: ProposalServiceOptions) {
    this.#options = options;
  }

  /** Begins and answers at once; throws DW_INVALID or DW_NOT_FOUND for a request that cannot be, DW_UNAVAILABLE when too many run. */
  start(view: PlantView, asked: ProposalRequest): ProposalState {
    const { documents, principal } = view;
    const reader = documents.reader(LIVE);
    const known = asked.connection === undefined ? undefined : (reader.get(asked.connection) as ConnectionRecord | undefined);
    if (asked.connection !== undefined && known?.kind !== "connection")
      throw new DoppelwerkError("DW_NOT_FOUND", messageOf("autoTwin.noConnectionId", { connection: asked.connection }));
    const file = asked.file === undefined ? undefined : this.#options.files.get(principal, asked.file);
    if (known === undefined && asked.url === undefined && asked.eventLog === undefined && file === undefined)
      throw new DoppelwerkError("DW_INVALID", messageOf("autoTwin.proposalMadeConnection"));
    const busy = [...this.#jobs.values()].filter(({ state }) => state !== "failed").length;
    if (busy >= MAX_RUNNING) throw new DoppelwerkError("DW_UNAVAILABLE", messageOf("autoTwin.proposalsBeingMade", { busy }));
    const job: Running = {
      id: this.#options.ids.next("proposal"),
      name: asked.name ?? known?.name ?? file?.name ?? asked.url ?? "event log",
      at: this.#options.clock.now(),
      principal: principal.id,
      language: asked.language ?? "en",
      ...again(asked),
      state: "browsing",
    };
    this.#set(job);
    const run = file?.read === undefined ? this.#run(view, job, withFile(asked, file), known) : this.#runDocuments(documents, job, file);
    void run.catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.log.warn({ proposal: job.id, why }, "a proposal failed");
      const told = error instanceof DoppelwerkError ? error.reason : undefined;
      this.#set({ ...job, state: "failed", why, ...(told && { told }) });
    });
    return shownJob(job);
  }

  list(view: WorldView): readonly ProposalState[] {
    const records = view.reader(LIVE).query({ kind: "proposal" }) as readonly ProposalRecord[];
    return [...[...this.#jobs.values()].map(shownJob), ...records.map(shownRecord)].toSorted((a, b) => b.at - a.at);
  }

  async report(view: WorldView, id: string): Promise<ProposalReport> {
    const job = this.#jobs.get(id);
    if (job !== undefined) return { ...shownJob(job), evidence: [], questions: [], unknowns: [], conflicts: [] };
    const record = view.reader(LIVE).get(id) as ProposalRecord | undefined;
    if (record?.kind !== "proposal") throw new DoppelwerkError("DW_NOT_FOUND", messageOf("autoTwin.noProposalId", { id }));
    const blob = await this.#options.blobs.get(record.report);
    if (blob === undefined) throw new DoppelwerkError("DW_NOT_FOUND", messageOf("autoTwin.reportProposalGone", { id }));
    return { ...shownRecord(record), ...readReport(new TextDecoder().decode(blob.bytes)) };
  }

  /** Off the page *Connect* for everybody, or back on it. One that failed is kept in memory only, and so is that it was dismissed. */
  async dismiss(view: WorldView, id: string, isDismissed: boolean): Promise<ProposalState> {
    const dismissed = isDismissed ? { by: view.principal.id, at: this.#options.clock.now() } : undefined;
    const job = this.#jobs.get(id);
    if (job !== undefined) {
      if (job.state !== "failed") throw new DoppelwerkError("DW_CONFLICT", messageOf("autoTwin.proposalNotEnded", { name: job.name }));
      const { dismissed: _, ...rest } = job;
      this.#set({ ...rest, ...(dismissed && { dismissed }) });
      return shownJob(this.#jobs.get(id)!);
    }
    const record = view.reader(LIVE).get(id) as ProposalRecord | undefined;
    if (record?.kind !== "proposal") throw new DoppelwerkError("DW_NOT_FOUND", messageOf("autoTwin.noProposalId", { id }));
    if ((record.dismissed !== undefined) !== isDismissed) {
      const { name } = record;
      const reason = isDismissed ? messageOf("changes.logProposalDismissed", { name }) : messageOf("changes.logProposalRestored", { name });
      const fields = { dismissed: { from: record.dismissed, to: dismissed } };
      await view.apply({ branch: LIVE, reason, changes: [{ op: "update", id, fields }] });
    }
    return shownRecord(view.reader(LIVE).get(id) as ProposalRecord);
  }

  #set(job: Running): void {
    this.#jobs.set(job.id, job);
    for (const [id, { state }] of this.#jobs) {
      if (this.#jobs.size <= MAX_REMEMBERED) return;
      if (state === "failed") this.#jobs.delete(id);
    }
  }

  async #run(view: PlantView, job: Running, asked: FileRequest, known: ConnectionRecord | undefined): Promise<void> {
    const { documents } = view;
    const plant = await this.#plantOf(asked, known);
    if (known === undefined && plant?.found.drafts.length === 0)
      throw new DoppelwerkError(
        "DW_INVALID",
        messageOf("autoTwin.nothingTakeSignal", {
          remarks: plant!.found.remarks ?? messageOf("autoTwin.plantOffersNone"),
          url: asked.url!,
        }),
      );
    const connection = plant && connectionOf(documents.reader(LIVE), plant, job.name);
    const source = `proposal ${connection ?? hashedId("connection", asked.devices === undefined ? "event log" : "file", job.name)}`;
    this.#set({ ...job, state: "thinking" });
    const answers = { ...lastAnswers(documents.reader(LIVE), source), ...asked.answers };
    const offered =
      plant === undefined
        ? asked.devices === undefined
          ? { source, name: lineName(job, asked.file !== undefined), objects: [], variables: [], truncated: false }
          : offeredOfBrowse("mtconnect", asked.devices, { source, name: lineName(job, true), described: new Set(), samples: new Map() })
        : {
            known: knownAssets(documents.reader(LIVE), connection!, view.live),
            ...offeredOfBrowse(plant.target.protocol, plant.found, {
              source,
              name: job.name,
              described: describedElsewhere(documents.reader(LIVE), connection!, source),
              samples: await this.#samples(view, connection!),
              present: await this.#present(plant),
            }),
          };
    const { eventLog, chosen } = asked;
    const thought = await think({ offered, ...(eventLog && { eventLog }), ...(chosen && { chosen }), answers });
    const proposal = describedEstimates(plant === undefined && asked.devices !== undefined ? withoutAddress(thought) : thought);
    this.#set({ ...job, state: "writing" });
    await this.#write(documents, job, proposal, answers, {
      source,
      name: job.name,
      truncated: offered.truncated,
      ...(plant === undefined ? {} : { plant: { found: plant, connection: connection! } }),
    });
  }

  /** What counts stand at, to tell whether a machine is one that another source told of. A plant that gives no answer gives no reason either. */
  async #present({ target, found }: FoundPlant): Promise<ReadonlyMap<string, number>> {
    const told = found.drafts.flatMap(({ address, example }) => {
      const value = example === undefined || example.trim() === "" ? Number.NaN : Number(example);
      return Number.isFinite(value) ? [[address, value] as const] : [];
    });
    const asked = found.drafts.filter(({ valueType, example }) => valueType === "integer" && example === undefined).slice(0, MAX_LOOKED_AT);
    const addresses = asked.map(({ address }) => address);
    const values = addresses.length === 0 ? undefined : await this.#lookedAt(target, addresses);
    const seen = addresses.flatMap((address, n) => {
      const value = values?.[n]?.value;
      return typeof value === "number" ? [[address, value] as const] : [];
    });
    return new Map([...told, ...seen]);
  }

  /** Undefined: the plant does not answer; then other clues have to do. */
  async #lookedAt(
    target: FoundPlant["target"],
    addresses: readonly string[],
  ): Promise<Awaited<ReturnType<Connections["look"]>> | undefined> {
    try {
      return await this.#options.plants.look(target, addresses);
    } catch (error) {
      this.#options.log.info({ err: error, url: target.url }, "the counts of the plant could not be read for its proposal");
      return undefined;
    }
  }

  /** What is where: asked of the plant, or told by a file with the address it is for. Undefined: nothing that could be connected. */
  async #plantOf(asked: FileRequest, known: ConnectionRecord | undefined): Promise<FoundPlant | undefined> {
    if (known === undefined && asked.url === undefined) return undefined;
    if (asked.devices === undefined) return this.#look(asked, known);
    const { settings, secret } = asked;
    const target = {
      protocol: "mtconnect" as const,
      url: wholeAddress(asked.url!),
      ...(settings && { settings }),
      ...(secret === undefined ? {} : { secret }),
    };
    checkConnection(target);
    return { target, found: asked.devices };
  }

  /** Documents of a file onto a branch with a request, as an import would take them into live. */
  async #runDocuments(view: WorldView, job: Running, { name, read }: HeldFile): Promise<void> {
    const { content, report } = read!;
    const source = `proposal of the file ${name}`;
    const open = openRequest(view, source);
    this.#set({ ...job, state: "writing" });
    const branch = open?.branch ?? LIVE;
    const brought = await this.#options.importer().changesOfFile(view.principal, branch, name, content);
    const shells = content.environment.assetAdministrationShells ?? [];
    const submodels = content.environment.submodels ?? [];
    const evidence = documentEvidence(name, shells, submodels);
    const unknowns = groupedFindings([...report.findings, ...brought.findings]);
    const nameplates = submodels.filter(({ idShort }) => /nameplate|typenschild/i.test(idShort ?? "")).length;
    const signals = brought.changes.filter((change) => change.op === "create" && change.record.kind === "signal").length;
    const counts = { offered: signals, assets: shells.length, joined: 0, signals, flows: 0, nameplates, candidates: 0 };
    const proposal: Proposal = { environment: content.environment, signals: [], evidence, questions: [], unknowns, counts };
    await this.#keep(view, job, proposal, {}, { source, name: job.name }, brought);
  }

  #look(asked: ProposalRequest, known: ConnectionRecord | undefined): Promise<FoundPlant> {
    const { listenS } = asked;
    if (known === undefined) return this.#options.plants.browse({ ...asked, url: asked.url! });
    const { url, protocol, settings, secret } = known;
    return this.#options.plants.browse({ url, protocol, settings: settings && { ...settings }, secret, listenS });
  }

  /** P24: what was recorded of the connection's numbers in the last days. */
  async #samples({ documents, history }: PlantView, connection: string): Promise<ReadonlyMap<string, SampleSummary>> {
    const now = this.#options.clock.now();
    const signals = (
      documents.reader(LIVE).query({ kind: "signal", index: { name: "connection", value: connection } }) as readonly SignalRecord[]
    ).slice(0, MAX_SIGNALS_LOOKED_AT);
    const found = new Map<string, SampleSummary>();
    for (const { id, address, valueType } of signals) {
      if (address === undefined || (valueType !== "double" && valueType !== "integer")) continue;
      const key = { branch: LIVE, signal: id };
      const extent = await history.extent(key);
      if (extent === undefined || extent.count < 2) continue;
      const from = Math.max(extent.first, now - PAST_S * SECOND);
      const width = Math.max(1, Math.ceil((extent.last + 1 - from) / LOOKS));
      if (extent.last <= from) continue;
      const buckets = await history.buckets(key, from, from + width * LOOKS, LOOKS);
      const summary = summaryOf(buckets, (extent.last - from) / SECOND);
      if (summary !== undefined) found.set(address, summary);
    }
    return found;
  }

  async #write(view: WorldView, job: Running, proposal: Proposal, answers: Answers, origin: ProposalOrigin): Promise<void> {
    const open = openRequest(view, origin.source);
    await this.#keep(view, job, proposal, answers, origin, proposalChanges(view.reader(open?.branch ?? LIVE), proposal, origin));
  }

  /** The changes onto the branch of the open request, or of a new one, and what was found into the log. */
  async #keep(
    view: WorldView,
    job: Running,
    proposal: Proposal,
    answers: Answers,
    origin: Pick<ProposalOrigin, "source" | "name">,
    { changes, conflicts }: ProposalChanges,
  ): Promise<void> {
    const open = openRequest(view, origin.source);
    let branch: string | undefined = open?.branch;
    let request: string | undefined = open?.id;
    const reason = messageOf("changes.logProposeTwin", { name: origin.name });
    if (changes.length > 0) {
      const { branch: called, title, action, text } = proposalWords(job.language, origin.name, proposal, conflicts.length, job.id);
      if (branch === undefined) branch = (await this.#fork(view, origin.name, called)).id;
      await view.apply({ branch, reason, changes });
      if (request === undefined) {
        const planned = {
          owner: view.principal.name,
          effectiveFrom: new Date(job.at / 1_000).toISOString(),
          action,
        };
        request = (
          await view.requests.open({
            branch,
            title,
            text,
            planned,
            resultHash: "",
          })
        ).id;
      } else await view.requests.describe(request, text);
    }
    const { evidence, questions, unknowns } = proposal;
    const shownConflicts = conflicts.map(({ id, field, reason: why }) => ({ id, field: field ?? "", reason: why }));
    const blob = await this.#options.blobs.put(
      new TextEncoder().encode(JSON.stringify({ evidence, questions, unknowns, conflicts: shownConflicts } satisfies StoredReport)),
      "application/json",
    );
    const record: ProposalRecord = {
      id: job.id,
      kind: "proposal",
      source: origin.source,
      name: job.name,
      at: job.at,
      ...(job.of === undefined ? {} : { of: job.of }),
      ...(branch === undefined ? {} : { branch }),
      ...(request === undefined ? {} : { request }),
      summary: {
        ...proposal.counts,
        changes: changes.length,
        conflicts: conflicts.length,
        questions: questions.length,
        unknown: proposal.counts.offered - proposal.counts.signals,
      },
      answers: { ...answers },
      report: blob.hash,
    };
    await view.apply({ branch: LIVE, reason, changes: [{ op: "create", record }] });
    this.#jobs.delete(job.id);
  }

  #fork(view: WorldView, name: string, called: string): Promise<Branch> {
    return view.fork({
      name: called,
      parent: LIVE,
      instant: this.#options.clock.now(),
      reason: messageOf("changes.logForkOfProposal", { name }),
    });
  }
}

/** A request with what the file of it tells. */
interface FileRequest extends ProposalRequest {
  readonly devices?: BrowseResult;
  readonly chosen?: ChosenColumns;
}

function withFile(asked: ProposalRequest, file: HeldFile | undefined): FileRequest {
  if (file?.file.kind === "devices") return { ...asked, devices: file.file.found };
  if (file?.file.kind === "table")
    throw new DoppelwerkError("DW_INVALID", messageOf("autoTwin.sayFirstColumnsLog", { why: file.file.why, name: file.name }));
  return file?.file.kind === "eventLog" ? { ...asked, eventLog: file.file.text, chosen: file.file.chosen } : asked;
}

/** What a line is called that nobody named: a file without its ending. */
function lineName({ name }: Running, file: boolean): string {
  return (file ? name.replace(/\.(?:csv|tsv|txt|xes|xml)(?:\.gz)?$/i, "") : name) || name;
}

/** A file says what is there, not where: without an address nothing is connected. */
function withoutAddress(proposal: Proposal): Proposal {
  const missing = { message: messageOf("autoTwin.noAddress"), count: proposal.signals.length, examples: [] };
  return { ...proposal, unknowns: [missing, ...proposal.unknowns] };
}

/** The connection to the same address that is there, else the one it would become. */
function connectionOf(reader: RecordReader, plant: FoundPlant, name: string): string {
  const { protocol, url } = plant.target;
  const present = (reader.query({ kind: "connection" }) as readonly ConnectionRecord[]).find(
    (candidate) => candidate.protocol === protocol && candidate.url === url,
  );
  return present?.id ?? recordsOfPlant({ ...plant, found: { ...plant.found, drafts: [] } }, name).connection.id;
}

/** What an engineering file or a person gave a shell already is not proposed a second time under another. */
function describedElsewhere(reader: RecordReader, connection: string, source: string): ReadonlySet<string> {
  const signals = reader.query({ kind: "signal", index: { name: "connection", value: connection } }) as readonly SignalRecord[];
  return new Set(
    signals.flatMap(({ address, shell, proposed }) =>
      address !== undefined && shell !== undefined && (proposed as { readonly source?: string } | undefined)?.source !== source
        ? [address]
        : [],
    ),
  );
}

function newest(reader: RecordReader, source: string): readonly ProposalRecord[] {
  const all = reader.query({ kind: "proposal" }) as readonly ProposalRecord[];
  return all.filter((record) => record.source === source).toSorted((a, b) => b.at - a.at);
}

function lastAnswers(reader: RecordReader, source: string): Answers {
  return newest(reader, source)[0]?.answers ?? {};
}

/** A proposal that is still being looked at takes up what is new: a second request beside it would conflict with it. */
function openRequest(view: WorldView, source: string): MergeRequestRecord | undefined {
  const reader = view.reader(LIVE);
  for (const { request } of newest(reader, source)) {
    const record = request === undefined ? undefined : (reader.get(request) as MergeRequestRecord | undefined);
    if (record?.status !== "open" && record?.status !== "approved") continue;
    if (view.branches().some(({ id, closed }) => id === record.branch && closed === undefined)) return record;
  }
  return undefined;
}

function summaryOf(
  buckets: { readonly min: Float64Array; readonly max: Float64Array; readonly last: Float64Array; readonly count: Uint32Array },
  overS: number,
): SampleSummary | undefined {
  let [count, min, max, rises, falls, before] = [0, Infinity, -Infinity, 0, 0, Number.NaN];
  for (const [i, n] of buckets.count.entries()) {
    if (n === 0) continue;
    count += n;
    min = Math.min(min, buckets.min[i]!);
    max = Math.max(max, buckets.max[i]!);
    const last = buckets.last[i]!;
    if (last > before) rises++;
    if (last < before) falls++;
    before = last;
  }
  return count === 0 || !Number.isFinite(min) || !Number.isFinite(max) ? undefined : { count, min, max, rises, falls, overS };
}

function think(task: ProposalTask): Promise<Proposal> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url.endsWith(".ts") ? "./proposal-worker.ts" : "./proposal-worker.js", import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    });
    worker.once("message", (message: FromProposalWorker) => {
      if ("proposal" in message) resolve(message.proposal);
      else reject(new DoppelwerkError("DW_INVALID", message.refused));
      void worker.terminate();
    });
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the thread that proposes ended with code ${code}`)));
  });
}

/** What the same can be asked with again: the secret by its name only, a file as long as it is held. */
function again({ connection, url, protocol, secret, settings, eventLog, file }: ProposalRequest): { readonly of?: Again } {
  if (eventLog !== undefined) return {};
  const of = { connection, url, protocol, secret, settings, file };
  return { of: Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as Again };
}

function shownJob({ id, name, at, of, state, why, told, dismissed }: Running): ProposalState {
  return {
    id,
    name,
    at,
    state,
    ...(of === undefined ? {} : { of: of as ProposalState["of"] & {} }),
    ...(why === undefined ? {} : { why }),
    ...(told === undefined ? {} : { message: told, told }),
    ...(dismissed && { dismissed }),
  };
}

function shownRecord({ id, name, at, of, branch, request, summary, dismissed }: ProposalRecord): ProposalState {
  return {
    id,
    name,
    at,
    state: "done",
    ...(of === undefined ? {} : { of: of as ProposalState["of"] & {} }),
    ...(branch === undefined ? {} : { branch }),
    ...(request === undefined ? {} : { request }),
    summary,
    ...(dismissed && { dismissed }),
  };
}
