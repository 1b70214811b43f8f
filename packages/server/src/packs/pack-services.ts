import { changesBody, type FeatureOptions, z } from "@doppelwerk/kit";
import { packDocuments, signalOfOutput, type PackPermission } from "@doppelwerk/kit/pack";
import { PackEvents } from "@doppelwerk/kit/pack";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, heldSamples, LIVE, type Change, type EventPageQuery, type NewEvent, type RecordQuery } from "@doppelwerk/world";
import { parse } from "../http/query.ts";
import { ConcludeQuery } from "./folds/conclude-query.ts";
import { urlOfPackFold } from "./folds/fold-url.ts";
import type { RunningPack } from "./running-pack.ts";

/** What a feature of a pack may ask the server for, and nothing else. Everything comes from a stranger: it is parsed, bounded and checked against the manifest. */
export interface PackServices {
  /** Errors: DW_FORBIDDEN without the permission, DW_INVALID for what is malformed, and those of the view. */
  ask(view: PlantView, method: string, args: readonly unknown[]): Promise<unknown>;
}

const MAX_RECORDS = 1_000;
const MAX_SAMPLES = 10_000;
/** Of all that a feature of a pack keeps in a world, as JSON. */
const MAX_STORE_BYTES = 1e6;
const STORE_KEY = "pack";

const id = z.string().min(1).max(2_048);
const branch = z.string().min(1).max(200).default(LIVE);
const text = z.string().min(1).max(500);
const Query = z.object({
  kind: z.string().min(1).max(64),
  index: z.object({ name: z.string().max(64), value: z.string().max(2_048) }).optional(),
  after: id.optional(),
  limit: z.int().min(1).max(MAX_RECORDS).default(MAX_RECORDS),
});
const Transaction = z.object({ branch, reason: text, changes: changesBody });
const Level = z.enum(["debug", "info", "warn", "error"]);

interface Method {
  readonly permission?: PackPermission;
  readonly args: z.ZodType<readonly unknown[]>;
  run(view: PlantView, args: readonly never[]): unknown;
}

const method = <const Args extends readonly [] | readonly z.ZodType[]>(
  permission: PackPermission | undefined,
  args: Args,
  run: (view: PlantView, args: { -readonly [K in keyof Args]: Args[K] extends z.ZodType<infer Value> ? Value : never }) => unknown,
): Method => ({
  ...(permission && { permission }),
  args: z.tuple(args as never) as unknown as Method["args"],
  run: run as Method["run"],
});

/** Of every view. */
const plantMethods: Readonly<Record<string, Method>> = {
  signals: method("read", [], (view) => view.signals()),
  live: method("read", [z.array(id).max(MAX_SAMPLES)], (view, [signals]) => signals.map((signal) => view.live(signal) ?? null)),
  samples: method(
    "read",
    [id, z.int(), z.int(), z.int().min(1).max(MAX_SAMPLES).default(MAX_SAMPLES)],
    async (view, [signal, from, to, limit]) => {
      const columns = await view.history.raw({ branch: LIVE, signal }, from, to, limit);
      if (view.signal(signal)?.concludedOf !== undefined)
        return heldSamples(columns).map(({ time, value, text: words }) => ({
          time,
          value,
          quality: 0,
          ...(words === "" ? {} : { text: words }),
        }));
      return Array.from(columns.times, (time, at) => {
        const words = columns.texts.get(at);
        return { time, value: columns.values[at], quality: columns.qualities[at], ...(words === undefined ? {} : { text: words }) };
      });
    },
  ),
  events: method("read", [z.looseObject({ branch: z.string(), limit: z.int().min(1).max(MAX_RECORDS).optional() })], (view, [query]) =>
    view.events.query(query as unknown as EventPageQuery),
  ),
};

/** Services of one feature of a pack in one world. */
export function packServices(
  ctx: FeatureContext,
  feature: FeatureOptions,
  pack: Pick<RunningPack, "name" | "permissions" | "folder" | "edition" | "folds">,
): PackServices {
  const folds = pack.folds.map((declared) => ({ declared, url: urlOfPackFold(pack.folder, declared, pack.edition) }));
  const methods: Readonly<Record<string, Method>> = {
    ...plantMethods,
    ...documentMethods(feature),
    ...ownMethods(ctx, feature),
    outputSignal: method(undefined, [text, id, text], (_view, [fold, subject, type]) => signalOfOutput(fold, subject, type)),
    conclude: method("read", [ConcludeQuery], async (view, [query]) =>
      (await import("./folds/conclude.ts")).conclude(ctx, { folds, documents: packDocuments(feature.kinds) }, view, query),
    ),
  };
  return {
    async ask(view, name, args) {
      const asked = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (asked === undefined) throw new DoppelwerkError("DW_INVALID", message("packs.noSuchCall", { method: String(name).slice(0, 60) }));
      const { permission } = asked;
      if (permission !== undefined && !pack.permissions.includes(permission))
        throw new DoppelwerkError("DW_FORBIDDEN", message("packs.mayNot", { name: pack.name, permission }));
      const parsed = parse(asked.args, padded(asked, args), message("packs.callOf", { method: name }));
      return asked.run(view, parsed as readonly never[]);
    },
  };
}

/** Arguments that were left out are undefined: a tuple wants each. */
function padded({ args }: Method, given: readonly unknown[]): readonly unknown[] {
  const { length } = (args as unknown as z.ZodTuple).def.items;
  return Array.from({ length: Math.max(length, given.length) }, (_, at) => given[at] ?? undefined);
}

/** Documents, those of the feature in the version that its pack knows. */
function documentMethods({ kinds }: FeatureOptions): Readonly<Record<string, Method>> {
  const documents = packDocuments(kinds);
  return {
    get: method("read", [id, branch], (view, [record, on]) => {
      const found = view.documents.reader(on).get(record);
      return found && documents.read(found);
    }),
    query: method("read", [Query, branch], (view, [query, on]) =>
      view.documents
        .reader(on)
        .query(query as RecordQuery)
        .flatMap((record) => documents.read(record) ?? []),
    ),
    apply: method("edit", [Transaction], async (view, [{ changes, ...rest }]) => {
      const reader = view.documents.reader(rest.branch);
      const written = (changes as readonly Change[]).map((change) => documents.write(change, (record) => reader.get(record)));
      const { entry } = await view.documents.apply({ ...rest, changes: written });
      return entry.revision;
    }),
  };
}

function ownMethods(ctx: FeatureContext, feature: FeatureOptions): Readonly<Record<string, Method>> {
  const kept = (): Readonly<Record<string, unknown>> => (ctx.store.get(STORE_KEY) ?? {}) as Readonly<Record<string, unknown>>;
  const name = z.string().min(1).max(100);
  const types = new Set((feature.events ?? []).map(({ type }) => type));
  return {
    record: method("record", [PackEvents], (view, [events]) => {
      const foreign = events.find(({ type }) => !types.has(type));
      if (foreign !== undefined)
        throw new DoppelwerkError("DW_INVALID", message("packs.eventForeign", { type: foreign.type.slice(0, 100) }));
      return view.events.record(events as unknown as readonly Omit<NewEvent, "actor">[]);
    }),
    publish: method("publish", [text, z.json(), z.array(id).max(1_000)], (_view, [topic, payload, inputs]) => {
      const declared = feature.topics.find((one) => one.id === topic);
      if (declared === undefined) throw new DoppelwerkError("DW_INVALID", message("packs.topicForeign", { topic }));
      ctx.publish(declared, parse(declared.payload, payload, message("packs.callOf", { method: topic })) as never, inputs);
    }),
    storeGet: method(undefined, [name], (_view, [key]) => (Object.hasOwn(kept(), key) ? kept()[key] : null)),
    storeSet: method(undefined, [name, z.json().optional()], (_view, [key, value]) => {
      const { [key]: _before, ...others } = kept();
      const all = value === undefined ? others : { ...others, [key]: value };
      if (JSON.stringify(all).length > MAX_STORE_BYTES)
        throw new DoppelwerkError("DW_QUEUE_FULL", message("packs.storeFull", { max: MAX_STORE_BYTES / 1e6 }));
      return ctx.store.set(STORE_KEY, all);
    }),
    log: method(undefined, [Level, z.looseObject({}), z.string()], (_view, [level, details, words]) =>
      ctx.log[level]({ details: JSON.stringify(details).slice(0, 2_000) }, words.slice(0, 500)),
    ),
  };
}
