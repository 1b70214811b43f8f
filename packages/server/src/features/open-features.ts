import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EndpointOptions, FeatureOptions, TopicOptions } from "@doppelwerk/kit";
import type {
  Derivations,
  FeatureContext,
  FeatureStore,
  Folds,
  LiveTable,
  PersonalHolder,
  PersonalTexts,
  PlantView,
  SampleIntake,
} from "@doppelwerk/kit/server";
import { worldPath } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { openJournal } from "@doppelwerk/storage/journal";
import type { Blobs, Clock, IdSource, Journal, Principal, RecordId } from "@doppelwerk/world";
import type { Logger } from "pino";
import { openFeatureFile } from "./feature-file.ts";
import type { FeatureMetrics } from "./feature-metrics.ts";
import { FeatureHost, type FeatureRuntime } from "./feature-host.ts";
import type { JobFeature, WorldJobs } from "../jobs/world-jobs.ts";
import type { ListedFeature } from "./resolve.ts";
import { faultsOf } from "../http/query.ts";

/** What the kernel of one world gives to its features. */
export interface FeatureServices {
  readonly worldName: string;
  readonly directory: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly logger: Logger;
  readonly blobs: Blobs;
  /** The principal of the features' own work. */
  readonly system: Principal;
  readonly kernel: ReadonlyMap<string, unknown>;
  readonly table: LiveTable;
  readonly metrics: FeatureMetrics;
  foldsOf(feature: string): Folds;
  readonly derivations: Derivations;
  readonly jobs: WorldJobs;
  view(principal: Principal): PlantView;
  readonly guests: FeatureContext["guests"];
  nameOf(actor: string): string;
  readonly texts: PersonalTexts;
  /** Returns how to stop. */
  personal(holder: PersonalHolder): () => void;
  readonly intake: SampleIntake;
  readonly fileFolders: readonly string[];
  readonly host: FeatureContext["host"];
  releaseMemory(): void;
  publish(topic: TopicOptions, payload: unknown, inputs: readonly RecordId[]): void;
  /** An item is in a journal of a feature. */
  onRecorded(journal: string, item: { readonly id: string }): void;
}

/** The features of one world; they open when the host is told to. */
export function createFeatureHost(listed: readonly ListedFeature[], services: FeatureServices): FeatureHost {
  const directory = join(services.directory, "features");
  return new FeatureHost({
    listed,
    kernel: services.kernel,
    store: openFeatureFile(join(directory, "features.json")),
    contextOf: (one, runtime) => contextOf(one, runtime, services, openFeatureFile(join(directory, `${one.feature.id}.json`))),
    onOpened: (one, opened) =>
      services.jobs.opened(jobsOf(one), (opened as { readonly jobs?: Parameters<WorldJobs["opened"]>[1] }).jobs ?? {}),
    onClosing: (one, why) => services.jobs.closing(jobsOf(one), why),
    now: () => services.clock.now(),
    onFault: (feature, error) => services.logger.error({ err: error, feature }, "a feature failed"),
  });
}

function jobsOf({ feature: { id, jobs }, folder }: ListedFeature): JobFeature {
  return { id, jobs, folder };
}

function contextOf(listed: ListedFeature, runtime: FeatureRuntime, services: FeatureServices, store: FeatureStore): FeatureContext {
  const { feature } = listed;
  const { clock, ids, blobs, view, guests, nameOf, texts, intake, fileFolders, host, releaseMemory } = services;
  const topics = new Set<TopicOptions>(feature.topics);
  return {
    world: { name: services.worldName, path: worldPath(services.worldName) },
    clock,
    ids,
    blobs,
    nameOf,
    texts,
    intake,
    fileFolders,
    host,
    releaseMemory,
    view,
    guests: {
      admit(find, book) {
        const stop = guests.admit(find, book);
        runtime.signal.addEventListener("abort", stop, { once: true });
        return stop;
      },
      withdraw: (principal) => guests.withdraw(principal),
      ended: (guest, by) => guests.ended(guest, by),
    },
    personal(holder) {
      runtime.signal.addEventListener("abort", services.personal(holder), { once: true });
    },
    store,
    log: services.logger.child({ feature: feature.id }),
    settings: settingsOf(feature, store) as FeatureContext["settings"],
    folder(name) {
      const path = join(services.directory, name);
      mkdirSync(path, { recursive: true });
      return path;
    },
    journal: (name) => watched(openJournal(join(services.directory, `${name}.jsonl`), name), (item) => services.onRecorded(name, item)),
    own: view(services.system),
    table: services.table,
    folds: services.foldsOf(feature.id),
    derivations: services.derivations,
    jobs: services.jobs.of(jobsOf(listed), runtime.signal),
    metric: (metric) => services.metrics.add(metric, runtime.signal),
    now: () => clock.now(),
    publish(topic, payload, inputs = []) {
      // a topic of nobody's contract was checked by nobody
      if (!topics.has(topic)) throw new Error(`${feature.id} publishes ${topic.id}, which its manifest does not list`);
      services.publish(topic, payload, inputs);
    },
    use: (port) => runtime.port(port.key) as never,
    find: (port) => runtime.port(port.key) as never,
    contributions: (slot) => ({
      all: () => runtime.contributions(slot.key) as never,
      follow: (listener) => runtime.followContributions(slot.key, listener),
    }),
    degraded: runtime.degraded,
    signal: runtime.signal,
  };
}

function watched<Item extends { readonly id: string }>(journal: Journal<Item>, onPut: (item: Item) => void): Journal<Item> {
  return {
    ...journal,
    put(item) {
      journal.put(item);
      onPut(item);
    },
  };
}

/** Settings as they are kept, brought to the version of the manifest; the defaults of the schema where nothing is kept. */
export function settingsOf({ id, settings }: FeatureOptions, store: FeatureStore): unknown {
  if (settings === undefined) return undefined;
  const kept = (store.get("settings") ?? { version: settings.version, value: {} }) as { readonly version: number; readonly value: unknown };
  if (kept.version > settings.version)
    throw new DoppelwerkError(
      "DW_FORMAT_NEWER",
      message("server.settingsVersion", { id, version: kept.version, version2: settings.version }),
    );
  let { value } = kept;
  for (let version = kept.version; version < settings.version; version++) {
    const step = settings.upcast[version] as ((before: unknown) => unknown) | undefined;
    if (step === undefined) throw new Error(`${id} has no upcast of its settings from version ${version}`);
    value = step(value);
  }
  const parsed = settings.schema.safeParse(value);
  if (!parsed.success)
    throw new DoppelwerkError("DW_DAMAGED", message("server.settingsMalformed", { id, reason: faultsOf(parsed.error.issues, value) }));
  return parsed.data;
}

/** Every endpoint with the feature that answers it. */
export function contractOf(
  features: readonly FeatureOptions[],
): readonly { readonly feature: string; readonly endpoint: EndpointOptions }[] {
  return features.flatMap(({ id, contract }) => contract.map((endpoint) => ({ feature: id, endpoint })));
}
