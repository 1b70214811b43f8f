import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { message, textOf } from "@doppelwerk/messages";
import type { AlarmRule } from "@doppelwerk/operations";
import {
  DoppelwerkError,
  LIVE,
  type Change,
  type Instant,
  type EventRecord,
  type Principal,
  type RecordId,
  type Sample,
  type SignalRecord,
  type WorldRecord,
} from "@doppelwerk/world";
import { parse } from "../contract/parse.ts";
import type { FeatureOptions } from "../feature/feature.ts";
import { documentFaults } from "../feature/kind-documents.ts";
import { signalOfOutput } from "../pack/fold-of-pack.ts";
import { featureOfPack } from "../pack/feature-of-pack.ts";
import { hasOrMakes } from "../pack/module-sources.ts";
import type { PackKpiDeclaration } from "../pack/kpi-shape.ts";
import { rulesOfTemplate } from "../pack/rules-of-set-up.ts";
import { kpiValueOf } from "../pack/kpi-value.ts";
import { packDocuments, type PackDocuments } from "../pack/pack-documents.ts";
import { readPackManifest, type PackManifest } from "../pack/pack-manifest.ts";
import type { PackPermission } from "../pack/manifest-shape.ts";
import type { OpenPack, PackConcludeQuery, PackConclusion, PackContext, PackHandler, PackSample, PackView } from "./pack.ts";
import { readInEnglish } from "./english-in-tests.ts";
import { PackEvents } from "../pack/pack-event.ts";
import { concludeInMemory, type TestedFold } from "./test-fold.ts";

export { openTestComponent, type TestAnswer, type TestComponent, type TestWork } from "./test-component.ts";

/** What a test gives a pack to find. */
export interface TestPlant {
  readonly records?: readonly WorldRecord[];
  readonly signals?: readonly SignalRecord[];
  readonly live?: Readonly<Record<RecordId, Sample>>;
  readonly samples?: Readonly<Record<RecordId, readonly PackSample[]>>;
}

/** A pack that is open on a plant in memory, held to its manifest as the server holds it. */
export interface TestPack {
  readonly manifest: PackManifest;
  /** Calls an operation by its id. Errors as the server answers them: DW_INVALID, DW_FORBIDDEN without a permission, and those of the pack. */
  call<Answer = unknown>(
    endpoint: string,
    request?: {
      readonly params?: Readonly<Record<string, string>>;
      readonly query?: object;
      readonly body?: unknown;
      readonly principal?: Principal;
    },
  ): Promise<Answer>;
  /** What a fold concludes of the samples of the plant, in this process; the server runs it in a sandbox. */
  conclude(query: PackConcludeQuery): Promise<readonly PackConclusion[]>;
  /** The KPIs of the manifest over [from, to), by id. */
  kpis(period: {
    readonly from: Instant;
    readonly to: Instant;
  }): Promise<Readonly<Record<string, { readonly value?: number; readonly n?: number }>>>;
  /** Runs the operation that sets the feature up, where it names one, and gives the alarm rules that it would propose then. */
  setUp(): Promise<readonly AlarmRule[]>;
  /** Documents as they are now. */
  records(kind?: string): readonly WorldRecord[];
  readonly published: readonly { readonly topic: string; readonly payload: unknown }[];
  /** Events, as `events` of a view answers them; keys are empty here. */
  readonly recorded: readonly EventRecord[];
  close(): Promise<void>;
}

const TESTER: Principal = { id: "person:test", name: "Test", verified: true, roles: ["administrator"] };

/** Opens the features of the pack in a folder. Throws with everything that is wrong with its manifest. */
export async function openTestPack(folder: URL, plant: TestPlant = {}): Promise<TestPack> {
  readInEnglish();
  const has = hasOrMakes((path) => existsSync(fileURLToPath(new URL(path, folder))));
  const reading = readPackManifest(JSON.parse(readFileSync(new URL("package.json", folder), "utf8")), has);
  if (reading.manifest === undefined) throw new Error(reading.faults.map(textOf).join("\n"));
  const { manifest } = reading;
  const features = manifest.features.filter(({ module }) => module === undefined).map(featureOfPack);
  const folds = manifest.features.flatMap((given) => given.folds.map((declared) => ({ declared, folder })));
  const memory = new TestMemory(manifest, features, plant, folds);
  const closing = new AbortController();
  const opened: (Awaited<ReturnType<OpenPack>> & { readonly feature: FeatureOptions })[] = [];
  for (const feature of features) {
    if (feature.server === undefined) continue;
    const { open } = (await import(new URL(feature.server, folder).href)) as { readonly open: OpenPack };
    opened.push({ feature, ...(await open(memory.context(closing.signal))) });
  }
  const kpis = manifest.features.flatMap((given) => given.kpis);
  const pack: TestPack = {
    manifest,
    kpis: async (period) =>
      Object.fromEntries(await Promise.all(kpis.map(async (kpi) => [kpi.id, await kpiIn(pack, kpi, period)] as const))),
    async setUp() {
      for (const { setUp } of manifest.features) if (setUp?.operation !== undefined) await pack.call(setUp.operation, { query: {} });
      const templates = manifest.features.flatMap(({ setUp }) => setUp?.alarmRules ?? []);
      return templates.flatMap((template) => rulesOfTemplate(template, pack.records(template.kind), (id) => memory.records.has(id)));
    },
    records: (kind) => [...memory.records.values()].filter((record) => kind === undefined || record.kind === kind),
    conclude: (query) => memory.conclude(query),
    published: memory.published,
    recorded: memory.recorded,
    async call(id, { params = {}, query = {}, body, principal = TESTER } = {}) {
      const found = opened
        .flatMap(({ feature, handlers }) => feature.contract.map((endpoint) => ({ endpoint, handlers })))
        .find(({ endpoint }) => endpoint.id === id);
      const handler: PackHandler | undefined = found?.handlers[id];
      if (found === undefined || handler === undefined) throw new Error(`nothing answers ${id}`);
      const { endpoint } = found;
      const shapeOf = (shape: typeof endpoint.body) => (shape === undefined || "octets" in shape ? undefined : shape);
      const given = (shape: typeof endpoint.body, value: unknown, what: "query" | "body") =>
        shapeOf(shape) &&
        parse(shapeOf(shape)!, throughJson(value), message(what === "query" ? "messages.queryOf" : "messages.bodyOf", { endpoint: id }));
      const parsed = given(endpoint.query, query, "query") as { readonly branch?: string } | undefined;
      const answer = throughJson(
        await handler({
          principal,
          branch: parsed?.branch ?? LIVE,
          params,
          query: parsed,
          body: given(endpoint.body, body ?? {}, "body"),
          view: memory.view(),
        }),
      );
      const shape = endpoint.answer === undefined || "octets" in endpoint.answer ? undefined : endpoint.answer;
      return (shape === undefined ? undefined : parse(shape, answer, `the answer of ${id}`)) as never;
    },
    async close() {
      closing.abort();
      for (const { close } of opened) await close?.();
    },
  };
  return pack;
}

async function kpiIn(
  pack: Pick<TestPack, "call" | "conclude">,
  { of }: PackKpiDeclaration,
  period: { readonly from: Instant; readonly to: Instant },
): Promise<{ readonly value?: number; readonly n?: number }> {
  if ("fold" in of) {
    const concluded = await pack.conclude({ fold: of.fold, ...period });
    const rows = concluded.filter(({ type, from }) => type === of.output && from >= period.from && from < period.to);
    return kpiValueOf(
      of,
      rows.map(({ value }) => (typeof value === "string" ? { value: Number.NaN, text: value } : { value: Number(value), text: "" })),
    );
  }
  const answer = await pack.call<Readonly<Record<string, unknown>>>(of.operation, { query: period });
  const [value, n] = [answer[of.field], of.count === undefined ? undefined : answer[of.count]];
  return { ...(typeof value === "number" && { value: value * of.factor }), ...(typeof n === "number" && { n }) };
}

/** Documents of one branch, signals and what was sent, in memory. */
class TestMemory {
  readonly records: Map<RecordId, WorldRecord>;
  readonly published: { readonly topic: string; readonly payload: unknown }[] = [];
  readonly recorded: EventRecord[] = [];
  readonly #store = new Map<string, unknown>();
  readonly #manifest: PackManifest;
  readonly #features: readonly FeatureOptions[];
  readonly #plant: TestPlant;
  #revision = 0;

  readonly #folds: readonly TestedFold[];
  readonly #documents: PackDocuments;

  constructor(manifest: PackManifest, features: readonly FeatureOptions[], plant: TestPlant, folds: readonly TestedFold[]) {
    this.#folds = folds;
    this.#documents = packDocuments(features.flatMap(({ kinds }) => kinds));
    this.#manifest = manifest;
    this.#features = features;
    this.#plant = plant;
    this.records = new Map([...(plant.records ?? []), ...(plant.signals ?? [])].map((record) => [record.id, record]));
  }

  context(signal: AbortSignal): PackContext {
    const ignore = (): void => {};
    return {
      world: { name: "test" },
      now: () => Date.now() * 1_000,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      store: {
        get: async (name) => this.#store.get(name),
        set: async (name, value) => void this.#store.set(name, throughJson(value)),
      },
      own: this.view(),
      publish: async (topic, payload) => {
        this.#need("publish");
        const declared = this.#features.flatMap(({ topics }) => topics).find(({ id }) => id === topic);
        if (declared === undefined) throw new DoppelwerkError("DW_INVALID", message("packs.topicForeign", { topic }));
        this.published.push({ topic, payload: parse(declared.payload, throughJson(payload), topic) });
      },
      signal,
    };
  }

  view(): PackView {
    const { signals = [], live = {}, samples = {} } = this.#plant;
    const reading = <Result>(read: () => Result) => {
      this.#need("read");
      return throughJson(read()) as Result;
    };
    return {
      get: async (id) => reading(() => this.#read(this.records.get(id))),
      query: async ({ kind, after, limit = 1_000 }) =>
        reading(() =>
          [...this.records.values()]
            .filter((record) => record.kind === kind && (after === undefined || record.id > after))
            .toSorted((a, b) => (a.id < b.id ? -1 : 1))
            .slice(0, limit)
            .flatMap((record) => this.#read(record) ?? []),
        ),
      apply: async ({ changes }) => {
        this.#need("edit");
        for (const change of changes) this.#apply(this.#documents.write(change, (id) => this.records.get(id)));
        return ++this.#revision;
      },
      signals: async () => reading(() => signals),
      live: async (ids) => ids.map((id) => reading(() => live[id])),
      samples: async (signal, from, to, limit = 10_000) =>
        reading(() => (samples[signal] ?? []).filter(({ time }) => time >= from && time < to).slice(0, limit)),
      events: async ({ types, subject, from = 0, to = Infinity }) =>
        reading(() => ({
          events: this.recorded.filter(
            (event) =>
              event.at >= from &&
              event.at < to &&
              (types?.includes(event.type) ?? true) &&
              (subject === undefined || event.subject === subject),
          ),
        })),
      record: async (events) => {
        this.#need("record");
        const given = parse(PackEvents, throughJson(events), message("packs.callOf", { method: "record" }));
        const types = this.#features.flatMap(({ events: declared = [] }) => declared.map(({ type }) => type));
        const foreign = given.find(({ type }) => !types.includes(type));
        if (foreign !== undefined) throw new DoppelwerkError("DW_INVALID", message("packs.eventForeign", { type: foreign.type }));
        this.recorded.push(...given.map(({ branch = LIVE, ...event }) => ({ ...event, branch, version: 1, known: event.at, keys: {} })));
        return { recorded: given.length, duplicates: 0 };
      },
      conclude: async (query) => {
        this.#need("read");
        return this.conclude(query);
      },
      outputSignal: async (fold, document, type) => signalOfOutput(fold, document, type),
    };
  }

  /** Over all documents of the kind: there is one branch. */
  async conclude(query: PackConcludeQuery): Promise<readonly PackConclusion[]> {
    const found = this.#folds.find(({ declared }) => declared.id === query.fold);
    if (found === undefined) throw new DoppelwerkError("DW_INVALID", message("packs.noFold", { id: query.fold }));
    const documents = [...this.records.values()]
      .filter(({ id, kind }) => kind === found.declared.kind && (query.subject === undefined || query.subject === id))
      .flatMap((record) => this.#read(record) ?? []);
    return concludeInMemory(found, documents, (signal) => this.#plant.samples?.[signal] ?? [], throughJson(query) as PackConcludeQuery);
  }

  #read(record: WorldRecord | undefined): WorldRecord | undefined {
    return record && this.#documents.read(record);
  }

  #apply(change: Change): void {
    if (change.op === "delete") return void this.records.delete(change.record.id);
    const before = change.op === "update" ? this.records.get(change.id) : undefined;
    if (change.op === "update" && before === undefined) throw new Error(`there is no record ${change.id}`);
    const record =
      change.op === "create"
        ? change.record
        : ({ ...before, ...Object.fromEntries(Object.entries(change.fields).map(([name, { to }]) => [name, to])) } as WorldRecord);
    const kind = this.#features.flatMap(({ kinds }) => kinds).find((one) => (one.record ?? one.id) === record.kind);
    const [fault] = kind === undefined ? [] : documentFaults(kind, record);
    if (fault !== undefined) throw new DoppelwerkError("DW_INVALID", fault);
    this.records.set(record.id, record);
  }

  #need(permission: PackPermission): void {
    const { name, permissions } = this.#manifest;
    if (!permissions.includes(permission)) throw new DoppelwerkError("DW_FORBIDDEN", message("packs.mayNot", { name, permission }));
  }
}

function throughJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}
