import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { HOME_WORLD } from "@doppelwerk/client";
import { aasEventsPort, createSigner, type Handling } from "@doppelwerk/aas-server";
import { createWallClock } from "@doppelwerk/connectors";
import { aasEvents, connections, pastReading, simComponents } from "@doppelwerk/ports";
import type { Folds } from "@doppelwerk/kit/server";
import type { AccessGateOptions } from "@doppelwerk/trust";
import type { Clock, IdSource, Principal } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { FeatureHost } from "../features/feature-host.ts";
import { FeatureMetrics } from "../features/feature-metrics.ts";
import { createFeatureHost } from "../features/open-features.ts";
import { FoldCatalogue, foldsOf } from "../folds/fold-catalogue.ts";
import { FoldHost } from "../folds/fold-host.ts";
import { worldFolds } from "../folds/world-folds.ts";
import { ReportedWork } from "../jobs/reported-work.ts";
import { WorldJobs } from "../jobs/world-jobs.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { simComponentsPort } from "../packs/components/sim-components.ts";
import type { PackState } from "../packs/load-packs.ts";
import { keyOf, refuseGuests } from "../http/guests.ts";
import { personOf, type Accounts } from "../http/person.ts";
import { RetentionService } from "../retention/retention-service.ts";
import { giveMemoryBack, trimAllocator } from "./give-memory-back.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import { localPerson, openDocuments, type Documents } from "./open-documents.ts";
import { openLive, type Live } from "./open-live.ts";
import { openStores, type Stores } from "./open-stores.ts";
import { SYSTEM } from "./system.ts";
import { openFileJobQueue } from "@doppelwerk/storage/jobs";
import { createIdSource } from "./unique-ids.ts";

export { SYSTEM, SYSTEM_IMPORT } from "./system.ts";
export type { HostedWorld } from "../routes/hosted-world.ts";

export interface HostedWorldOptions {
  readonly dataDirectory: string;
  /** Default: the world of the short addresses. */
  readonly name?: string;
  /** What the world is called in PostgreSQL; default its name. */
  readonly storeKey?: string;
  /** As it is called where it has no line that names it; default its name. */
  readonly title?: () => string;
  /** Of the server; default: those of this world's own folder. */
  readonly accounts?: Accounts;
  /** Of the process, where it has several worlds; default: loaded for this one. */
  readonly foldCatalogue?: Promise<FoldCatalogue>;
  /** Throws where a person may not enter; default: whoever comes may. */
  readonly admit?: (principal: Principal) => void;
  readonly logger: Logger;
  /** The capabilities of the product; default none: the kernel alone. */
  readonly features?: readonly ListedFeature[];
  /** What became of the packs; their features are among `features`. */
  readonly packs?: readonly PackState[];
  /** Simulation workers; default one core fewer than there are, because the live plant needs one. */
  readonly workers?: number;
  /** A PostgreSQL to share the world with standbys, instead of a log in the folder; the call then waits until this process owns the world. */
  readonly postgres?: string;
  /** Where samples are kept: in segments of the data folder, or in that PostgreSQL, where standbys find them. */
  readonly history?: "files" | "postgres";
  /** Folders below which plants that are files (drop folders, recordings) may be read; default none. */
  readonly fileFolders?: readonly string[];
  /** Whether models of native code may run: they have the rights of this process. Default no. */
  readonly nativeModels?: boolean;
  /** How the AAS API takes documents where a request does not say (`Prefer: handling=…`). Default strict. */
  readonly handling?: Handling;
  /** Rules of an installation: who has which roles (default: as it is said of the person), and what is forbidden beside what roles forbid. */
  readonly access?: Partial<AccessGateOptions>;
  /** The world was taken over by another process: this one can write nothing any more and should end. */
  readonly onLost?: (why: string) => void;
}

/** Takes milliseconds; what is freed between two is not much. */
const TRIM_EVERY_MS = 60_000;

interface Parts {
  readonly options: HostedWorldOptions;
  readonly version: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly stores: Stores;
  readonly documents: Documents;
  readonly live: Live;
  readonly metrics: FeatureMetrics;
  readonly folds: WorldFolds;
  readonly jobs: WorldJobs;
}

interface WorldFolds {
  readonly host: FoldHost;
  readonly catalogue: FoldCatalogue;
  of(feature: string): Folds;
}

/** Opens the world of a data folder with its features. Where it cannot be opened its folder is free again. */
export async function openHostedWorld(options: HostedWorldOptions): Promise<HostedWorld> {
  const clock = createWallClock();
  const events = (options.features ?? []).flatMap(({ feature }) => feature.events ?? []);
  const stores = await openStores({
    ...options,
    storeKey: options.storeKey ?? nameOf(options),
    events,
    sharesThreads: nameOf(options) !== HOME_WORLD,
  });
  try {
    return await openOver(stores, clock, options);
  } catch (error) {
    await stores.close().catch((failure: unknown) => options.logger.error({ err: failure }, "the stores could not be closed"));
    throw error;
  }
}

const nameOf = ({ name = HOME_WORLD }: HostedWorldOptions): string => name;

async function openOver(stores: Stores, clock: Clock, options: HostedWorldOptions): Promise<HostedWorld> {
  const { logger } = options;
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const ids = createIdSource(clock);
  const declared = (options.features ?? []).flatMap(({ feature }) => feature.kinds);
  const { access, accounts, admit = () => {} } = options;
  const documents = await openDocuments({ stores, clock, ids, logger, access, accounts, declared });
  const live = openLive({ worldName: nameOf(options), admit, stores, documents, clock, logger });
  const reported = new ReportedWork({
    clock,
    by: SYSTEM.id,
    publish: (topic, payload) => live.hub.publishTopic(topic, payload, []),
  });
  const folds = await openFolds(options, { stores, documents, live, clock, reported });
  const metrics = new FeatureMetrics();
  const jobs = await openJobs(options, { stores, live, clock, reported }, metrics);
  const parts: Parts = { options, version, clock, ids, stores, documents, live, metrics, folds, jobs };
  const features = featuresOf(parts);
  const retention = new RetentionService({
    history: stores.history,
    signals: () => live.signals.records(),
    branches: () => documents.world.view(SYSTEM).branches(),
    clock,
    logger,
  });
  retention.start();
  const trimming = setInterval(trimAllocator, TRIM_EVERY_MS).unref();
  live.intake.start();
  await features.open();
  await folds.host.open();
  return hosted(parts, features, async () => {
    clearInterval(trimming);
    // before the features: their folds are kept as they stand
    await folds.host.close();
    await features.close();
    await jobs.close();
    await live.events.close();
    await retention.close();
    await live.hub.close();
    await live.intake.stop();
    await documents.world.close();
    await stores.close();
  });
}

/** The folds of the world over its samples, not folding yet. */
async function openFolds(
  { features = [], logger, foldCatalogue }: HostedWorldOptions,
  {
    stores,
    documents,
    live,
    clock,
    reported,
  }: Pick<Parts, "stores" | "documents" | "live" | "clock"> & { readonly reported: ReportedWork },
): Promise<WorldFolds> {
  const directory = join(stores.folder.directory, "derived", "folds");
  const host = new FoldHost(
    worldFolds({
      directory,
      history: stores.history,
      documents: documents.world.view(SYSTEM),
      live,
      clock,
      logger,
      onDerivation: (group, progress) => reported.progress("kernel.derivation", group, progress),
    }),
  );
  const catalogue = await (foldCatalogue ?? loadFolds(features, logger));
  live.derivations.follow({
    live: (batch) => host.onTick(batch),
    past: (batch) => host.onPast(batch),
    archive: (connection, read) => host.onArchive(connection, read),
    archiveGone: (connection) => host.onArchiveGone(connection),
  });
  return { host, catalogue, of: (feature) => foldsOf(feature, host, catalogue) };
}

/** The folds of the product, for every world of a process. */
export function loadFolds(features: readonly ListedFeature[], logger: Logger): Promise<FoldCatalogue> {
  return FoldCatalogue.load(features, (feature, error) => logger.error({ err: error, feature }, "a fold cannot be loaded"));
}

function openJobs(
  { workers, logger }: HostedWorldOptions,
  { stores, live, clock, reported }: Pick<Parts, "stores" | "live" | "clock"> & { readonly reported: ReportedWork },
  metrics: FeatureMetrics,
): Promise<WorldJobs> {
  const queue = openFileJobQueue({
    directory: join(stores.folder.directory, "jobs"),
    clock,
    onDamage: (file, error) => logger.error({ file, err: error }, "a job cannot be read; the others can"),
  });
  return WorldJobs.open({
    queue,
    clock,
    logger,
    metrics,
    reported,
    owner: `process ${process.pid}`,
    workers: workers ?? defaultWorkers(),
    publish: (topic, payload) => live.hub.publishTopic(topic, payload, []),
  });
}

const defaultWorkers = (): number => Math.max(1, availableParallelism() - 1);

/** The features of the world, not open yet. */
function featuresOf({ options, version, clock, ids, stores, documents, live, metrics, folds, jobs }: Parts): FeatureHost {
  const components = simComponentsPort(() => host.openFeatures.flatMap((one) => one.components ?? []));
  const host = createFeatureHost(options.features ?? [], {
    worldName: nameOf(options),
    directory: stores.folder.directory,
    clock,
    ids,
    logger: options.logger,
    blobs: stores.kept.blobs,
    system: SYSTEM,
    kernel: new Map<string, unknown>([
      [pastReading.key, live.pastReading],
      [aasEvents.key, aasEventsPort((principal) => documents.world.view(principal), documents.logAfter)],
      [simComponents.key, components],
    ]),
    table: live.signals.table,
    metrics,
    derivations: live.derivations,
    foldsOf: folds.of,
    jobs,
    view: live.plantView,
    guests: live.guests,
    nameOf: documents.nameOf,
    intake: live.intake,
    fileFolders: options.fileFolders ?? [],
    host: {
      version,
      workers: options.workers ?? defaultWorkers(),
      nativeModels: options.nativeModels === true,
    },
    releaseMemory: giveMemoryBack,
    publish: (topic, payload, inputs) => live.hub.publishTopic(topic, payload, inputs),
  });
  return host;
}

function hosted(parts: Parts, features: FeatureHost, close: () => Promise<void>): HostedWorld {
  const { options, version, clock, ids, stores, documents, live, metrics, folds, jobs } = parts;
  const { accounts, world } = documents;
  let packs = options.packs ?? [];
  const person: HostedWorld["person"] = (request) => live.guests.of(keyOf(request)) ?? localPerson(personOf(request, accounts));
  return {
    name: nameOf(options),
    title: options.title ?? (() => nameOf(options)),
    activity: () => activityOf(parts, features),
    version,
    ids,
    logger: options.logger,
    accounts,
    history: stores.history,
    events: stores.events.store,
    blobs: stores.kept.blobs,
    signals: live.signals,
    hub: live.hub,
    features,
    get packs() {
      return packs;
    },
    change(listed, states) {
      const all = listed.map(({ feature }) => feature);
      return features.change(listed, async () => {
        packs = states;
        documents.declare(
          all.flatMap(({ kinds }) => kinds),
          all.flatMap(({ events = [] }) => events),
        );
        await folds.catalogue.change(listed);
      });
    },
    jobs,
    featureMetrics: metrics,
    plantView: live.plantView,
    handling: options.handling ?? "strict",
    signer: createSigner(join(stores.folder.directory, "signing")),
    intakeCounts: live.intake.counts,
    storeRefusal: () => live.intake.refusal,
    freeBytes: stores.freeBytes,
    backfill: () => live.past.state,
    person,
    view: (principal) => world.view(principal),
    viewOf(request) {
      const principal = person(request);
      refuseGuests(principal);
      return world.view(principal);
    },
    nameOf: documents.nameOf,
    now: () => clock.now(),
    logAfter: documents.logAfter,
    close,
  };
}

/** Whether a world is in use: somebody looks at it, it computes, samples came since the last time it was asked, or a plant is connected. */
async function activityOf({ live, jobs }: Parts, features: FeatureHost): ReturnType<HostedWorld["activity"]> {
  const { ingested } = live.intake.counts;
  const isTaking = ingested !== (lastIngested.get(live) ?? 0);
  lastIngested.set(live, ingested);
  const isComputing = (await jobs.list()).some(({ state }) => state === "queued" || state === "running");
  const plants = (await features.find(connections)?.list()) ?? [];
  return {
    viewed: live.hub.viewers > 0 || isTaking || isComputing || !live.past.state.done,
    connected: plants.some(({ enabled }) => enabled !== false),
  };
}

const lastIngested = new WeakMap<Live, number>();
