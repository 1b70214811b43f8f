import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { HOME_WORLD } from "@doppelwerk/client";
import { aasEventsPort, createSigner, type Handling } from "@doppelwerk/aas-server";
import { createWallClock } from "@doppelwerk/connectors";
import { aasEvents, connections, knownPeople, livePlaces, ownCertificates, pastReading, simComponents } from "@doppelwerk/ports";
import type { Folds } from "@doppelwerk/kit/server";
import type { AccessGateOptions } from "@doppelwerk/trust";
import type { Clock, IdSource, Job, Principal } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { FeatureHost } from "../features/feature-host.ts";
import { FeatureMetrics } from "../features/feature-metrics.ts";
import { createFeatureHost, type FeatureServices } from "../features/open-features.ts";
import { FoldCatalogue, foldsOf } from "../folds/fold-catalogue.ts";
import { FoldHost } from "../folds/fold-host.ts";
import { worldFolds } from "../folds/world-folds.ts";
import { ReportedWork } from "../jobs/reported-work.ts";
import { WorldJobs } from "../jobs/world-jobs.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { simComponentsPort } from "../packs/components/sim-components.ts";
import type { PackState } from "../packs/load-packs.ts";
import type { Certificates } from "../certificates/certificates.ts";
import { connectionIdentities } from "./connection-identities.ts";
import { followConnections } from "./follow-connections.ts";
import type { ConnectionRegister } from "../connections/connection-register.ts";
import { endedLink } from "../identities/ended-identities.ts";
import type { EndedIdentity } from "../identities/identity-history.ts";
import { keyOf, refuseGuests, type OnEndedGuest } from "../http/guests.ts";
import type { OwnAddress } from "../http/guard.ts";
import { localPeople, type People } from "../accounts/people.ts";
import type { Accounts } from "../http/person.ts";
import { plainTexts, SealedTexts, textKeysPath, type ErasableTexts } from "../privacy/sealed-texts.ts";
import { worldPersonal, type WorldPersonal } from "../privacy/world-personal.ts";
import { RetentionService } from "../retention/retention-service.ts";
import { placeActsOf, type PlaceAct } from "../place-roles/place-acts.ts";
import { giveMemoryBack, trimAllocator } from "./give-memory-back.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { TransparencyLog } from "../transparency/transparency-log.ts";
import { WorldFeed } from "../transparency/world-feed.ts";
import type { SpanSink } from "../telemetry/span-sink.ts";
import { WorkSpans } from "../telemetry/work-spans.ts";
import { openDocuments, type Documents } from "./open-documents.ts";
import { openLive, type Live } from "./open-live.ts";
import { openStores, type Stores } from "./open-stores.ts";
import { SYSTEM } from "./system.ts";
import { openFileJobQueue } from "@doppelwerk/storage/jobs";
import { openedFromDisk, sealedForDisk } from "@doppelwerk/storage/sealing";
import { guardBlobs } from "../uploads/guarded-blobs.ts";
import { DEFAULT_QUOTAS, type Quotas } from "../uploads/quotas.ts";
import type { Scanner } from "../uploads/scanner.ts";
import { StoredCounts } from "../uploads/stored-counts.ts";
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
  /** Of the server that has the world; default: with keys of this world's own folder. */
  readonly texts?: ErasableTexts;
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
  /** What files have to pass before they are stored; default: the default quotas, and no scanner. */
  readonly uploads?: { readonly quotas?: Quotas | undefined; readonly scanner?: Scanner | undefined };
  /** How the AAS API takes documents where a request does not say (`Prefer: handling=…`). Default strict. */
  readonly handling?: Handling;
  /** Rules of an installation: who has which roles (default: as it is said of the person), and what is forbidden beside what roles forbid. */
  readonly access?: Partial<AccessGateOptions>;
  /** Who sends requests, told with which names of people the log is shown; default: whoever sits at this machine. */
  readonly people?: (names: Accounts) => People;
  /** What the server is called by those who ask it; default: this machine alone. */
  readonly address?: OwnAddress;
  /** What the authorities of the server sign; default: no connection has certificates of its own. */
  readonly certificates?: Certificates;
  /** Who the connections of the server are; default: nobody asks. */
  readonly connections?: ConnectionRegister;
  /** Something that was let in connects no more. */
  readonly onIdentityEnded?: (identity: EndedIdentity) => void;
  /** The transparency log of the server, opened once its folder is this process's; default none. */
  readonly openTransparency?: (version: string) => Promise<TransparencyLog>;
  /** Where spans of what happens in the world go; default nowhere. */
  readonly telemetry?: SpanSink | undefined;
  /** What is to be closed while the folder is still this process's. */
  readonly beforeStoresClose?: () => Promise<void>;
  /** The world was taken over by another process: this one can write nothing any more and should end. */
  readonly onLost?: (why: string) => void;
}

/** Takes milliseconds; what is freed between two is not much. */
/** As it is sealed. */
const SIGNING_KEY = "signing/key.pem";
const TRIM_EVERY_MS = 60_000;

interface Parts {
  readonly options: HostedWorldOptions;
  readonly transparency: TransparencyLog | undefined;
  readonly people: People;
  readonly version: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly stores: Stores;
  readonly documents: Documents;
  readonly personal: WorldPersonal;
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
  const fed: { by?: WorldFeed } = {};
  const opened = await openStores({
    ...options,
    onSealed: (sealed) => fed.by?.sealed(sealed),
    storeKey: options.storeKey ?? nameOf(options),
    events,
    sharesThreads: nameOf(options) !== HOME_WORLD,
  });
  try {
    return await openOver(await guardStores(opened, options), clock, options, fed);
  } catch (error) {
    await options.beforeStoresClose?.();
    await opened.close().catch((failure: unknown) => options.logger.error({ err: failure }, "the stores could not be closed"));
    throw error;
  }
}

/** Files come into the world through the guards alone. */
async function guardStores(stores: Stores, { uploads = {}, logger }: HostedWorldOptions): Promise<Stores> {
  const { kept, folder } = stores;
  const counts = new StoredCounts({
    quotas: uploads.quotas ?? DEFAULT_QUOTAS,
    path: join(folder.directory, "stored-files.json"),
    stored: await kept.blobs.usage(),
    onFault: (error) => logger.error({ err: error }, "how much people have stored could not be kept"),
  });
  return {
    ...stores,
    kept: { ...kept, blobs: guardBlobs(kept.blobs, { scanner: uploads.scanner, counts }) },
    close() {
      counts.close();
      return stores.close();
    },
  };
}

const nameOf = ({ name = HOME_WORLD }: HostedWorldOptions): string => name;

async function openOver(stores: Stores, clock: Clock, options: HostedWorldOptions, fed: { by?: WorldFeed }): Promise<HostedWorld> {
  const { logger } = options;
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const ids = createIdSource(clock);
  const declared = (options.features ?? []).flatMap(({ feature }) => feature.kinds);
  const { access, accounts, admit = () => {} } = options;
  const transparency = await options.openTransparency?.(version);
  fed.by = transparency && feedOf(transparency, stores, options);
  const onErase = transparency && ((person: string) => transparency.salts.erase(person));
  const onNamed = transparency && ((person: string) => transparency.salts.revive(person));
  const texts = options.texts ?? (options.postgres === undefined ? new SealedTexts(textKeysPath(stores.folder.directory)) : plainTexts);
  const documents = await openDocuments({ stores, clock, ids, logger, access, accounts, declared, onErase, onNamed });
  const personal = worldPersonal({
    directory: stores.folder.directory,
    texts,
    view: () => documents.world.view(SYSTEM),
    settled: async () => fed.by?.settled(),
  });
  documents.world.onCommit(({ entry }) => fed.by?.committed(entry));
  await fed.by?.begin();
  const people = (options.people ?? localPeople)(documents.accounts);
  documents.showPeople(() => people.list());
  const { address, telemetry: spans } = options;
  const work = spans && new WorkSpans(spans);
  const given = { worldName: nameOf(options), admit, people, address, stores, documents, clock, logger, spans };
  const live = openLive({ ...given, onEndedGuest: endedGuestOf(options) });
  const reported = new ReportedWork({
    clock,
    by: SYSTEM.id,
    publish: (topic, payload) => live.hub.publishTopic(topic, payload, []),
  });
  const folds = await openFolds(options, { stores, documents, live, clock, reported });
  const metrics = new FeatureMetrics();
  const jobs = await openJobs(options, { stores, live, clock, reported }, metrics, work, (job) => {
    fed.by?.jobEnded(job);
    work?.jobEnded(job);
  });
  const parts: Parts = { options, transparency, people, version, clock, ids, stores, documents, personal, live, metrics, folds, jobs };
  const features = featuresOf(parts, (journal, item) => {
    fed.by?.recorded(journal, item);
    work?.recorded(journal, item);
  });
  const retention = retentionOf(parts);
  const trimming = setInterval(trimAllocator, TRIM_EVERY_MS).unref();
  live.intake.start();
  await features.open();
  await folds.host.open();
  const unfollow = followedBy(parts, features);
  return hosted(parts, features, async () => {
    clearInterval(trimming);
    unfollow();
    // before the features: their folds are kept as they stand
    await folds.host.close();
    await features.close();
    await jobs.close();
    await live.events.close();
    await retention.close();
    await live.hub.close();
    await live.intake.stop();
    live.followed.close();
    await documents.world.close();
    await fed.by?.close();
    await options.beforeStoresClose?.();
    await stores.close();
  });
}

function retentionOf({ stores, live, documents, clock, options: { logger } }: Parts): RetentionService {
  const retention = new RetentionService({
    history: stores.history,
    signals: () => live.signals.records(),
    branches: () => documents.world.view(SYSTEM).branches(),
    clock,
    logger,
  });
  retention.start();
  return retention;
}

function endedGuestOf(options: HostedWorldOptions): OnEndedGuest {
  return (guest, by) => options.onIdentityEnded?.(endedLink(guest, by, titleOf(options)()));
}

function followedBy({ options, documents }: Parts, features: FeatureHost): () => void {
  const { connections: register, logger } = options;
  if (register === undefined) return () => {};
  const world = { id: idOf(options), title: titleOf(options), view: documents.world.view(SYSTEM), features, logger };
  return followConnections(world, register);
}

function feedOf(transparency: TransparencyLog, { kept, folder }: Stores, options: HostedWorldOptions): WorldFeed {
  const history = options.history === "postgres" ? undefined : folder.paths.history;
  return new WorldFeed(transparency, { id: idOf(options), log: kept.log, history, logger: options.logger });
}

const idOf = (options: HostedWorldOptions): string => options.storeKey ?? nameOf(options);
const titleOf = (options: HostedWorldOptions): (() => string) => options.title ?? (() => nameOf(options));
const ownerOf = (options: HostedWorldOptions) => ({ name: nameOf(options), id: idOf(options), register: options.connections });

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
  work: WorkSpans | undefined,
  onEnded: (job: Job) => void,
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
    onEnded,
    ...(work && { onEnqueued: (id) => work.asked(id) }),
    workers: workers ?? defaultWorkers(),
    publish: (topic, payload) => live.hub.publishTopic(topic, payload, []),
  });
}

const defaultWorkers = (): number => Math.max(1, availableParallelism() - 1);

/** The features of the world, not open yet. */
function featuresOf(
  { options, people, version, clock, ids, stores, documents, personal, live, metrics, folds, jobs }: Parts,
  onRecorded: FeatureServices["onRecorded"],
): FeatureHost {
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
      [
        knownPeople.key,
        { isRequired: people.isRequired, list: () => people.list(), nameOf: (person: string) => documents.accounts.nameOf(person) },
      ],
      ...(options.certificates === undefined
        ? []
        : [[ownCertificates.key, connectionIdentities(options.certificates, ownerOf(options))] as const]),
    ]),
    table: live.signals.table,
    metrics,
    derivations: live.derivations,
    foldsOf: folds.of,
    jobs,
    view: live.plantView,
    guests: live.guests,
    nameOf: documents.nameOf,
    texts: personal.texts,
    personal: (holder) => personal.keep(holder),
    intake: live.intake,
    fileFolders: options.fileFolders ?? [],
    host: {
      version,
      workers: options.workers ?? defaultWorkers(),
      nativeModels: options.nativeModels === true,
    },
    releaseMemory: giveMemoryBack,
    publish: (topic, payload, inputs) => live.hub.publishTopic(topic, payload, inputs),
    onRecorded,
  });
  documents.showPlaces(() => host.find(livePlaces));
  documents.showActs(() => actsOf(host));
  return host;
}

function actsOf({ features }: FeatureHost): readonly PlaceAct[] {
  return placeActsOf(features.flatMap(({ contract }) => contract));
}

function hosted(parts: Parts, features: FeatureHost, close: () => Promise<void>): HostedWorld {
  const { options, people, version, clock, ids, stores, documents, live, metrics, folds, jobs } = parts;
  const { accounts, world } = documents;
  let packs = options.packs ?? [];
  const person: HostedWorld["person"] = (request) => live.guests.of(keyOf(request)) ?? people.of(request);
  return {
    name: nameOf(options),
    id: idOf(options),
    transparency: parts.transparency,
    title: titleOf(options),
    activity: () => activityOf(parts, features),
    version,
    ids,
    logger: options.logger,
    accounts,
    personal: parts.personal,
    history: stores.history,
    events: stores.events.store,
    blobs: stores.kept.blobs,
    signals: live.signals,
    hub: live.hub,
    guests: live.guests,
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
    signer: createSigner(join(stores.folder.directory, "signing"), undefined, {
      sealed: (text) => sealedForDisk(SIGNING_KEY, text),
      opened: (text) => openedFromDisk(SIGNING_KEY, text),
    }),
    intakeCounts: live.intake.counts,
    waitingRows: () => live.intake.waiting,
    shownAfter: live.intake.shownAfter,
    frames: live.followed.frames,
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
    access: documents.access,
    places: documents.places,
    placeActs: () => actsOf(features),
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
