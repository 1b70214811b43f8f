import { hash } from "node:crypto";
import { mkdirSync, readFileSync, statfsSync } from "node:fs";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { createWallClock } from "@doppelwerk/connectors";
import { openDataFolder } from "@doppelwerk/storage/files";
import { openSegmentHistory } from "@doppelwerk/storage/segments";
import { createTieredHistory } from "@doppelwerk/storage/tiers";
import { openSqliteRecordStore } from "@doppelwerk/storage/sqlite";
import { createAccessGate, createSeal, type AccessGateOptions } from "@doppelwerk/trust";
import { coreKinds, LIVE, openWorld } from "@doppelwerk/world";
import type { ChangeLog, Instant, LogEntry, Principal, ThinnableHistory, WorldView } from "@doppelwerk/world";
import type { ConclusionInputs, SampleListener } from "@doppelwerk/kit/server";
import type { Logger } from "pino";
import { pastPort } from "../live/past-port.ts";
import { PastProgress } from "../live/past-progress.ts";
import { personFrom, personOf } from "../http/person.ts";
import { openWorldEvents } from "./site-events.ts";
import { RetentionService } from "../retention/retention-service.ts";
import { aasEvents, pastReading } from "@doppelwerk/ports";

import { Intake } from "../live/intake.ts";
import { aasEventsPort, createSigner, type Handling } from "@doppelwerk/aas-server";
import { SignalAccess } from "../live/readable-signals.ts";
import { SignalDirectory } from "../live/signal-directory.ts";
import { createSignalGate } from "../live/signal-gate.ts";
import { Hub } from "../rooms/hub.ts";
import { FoldCatalogue, foldsOf } from "../folds/fold-catalogue.ts";
import { FoldHost } from "../folds/fold-host.ts";
import { worldFolds } from "../folds/world-folds.ts";
import { FeatureMetrics } from "../features/feature-metrics.ts";
import { createFeatureHost } from "../features/open-features.ts";
import { createPlantView } from "../features/plant-view.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { openOwnLog, openSharedLog } from "./site-log.ts";
import { openPeople } from "./people.ts";
import { giveMemoryBack, trimAllocator } from "./give-memory-back.ts";
import type { Site } from "./site.ts";
import { createIdSource } from "./unique-ids.ts";

export interface OpenSiteOptions {
  readonly dataDirectory: string;
  readonly logger: Logger;
  /** The capabilities of the product; default none: the kernel alone. */
  readonly features?: readonly ListedFeature[];
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

/** A site with what only the composition may hold. */
export interface OpenSite extends Site {
  close(): Promise<void>;
}

/** Newest samples in memory and decoded blocks kept: what a Rail and a rewind touch, within the 300 MB that a line may cost. */
const HISTORY_HEAD_ROWS = 131_072;
const HISTORY_CACHE_BYTES = 12 << 20;

/** Takes milliseconds; what is freed between two is not much. */
const TRIM_EVERY_MS = 60_000;

/** What the server itself does: import at start, register derived signals. Never sent in by a request. */
export const SYSTEM: Principal = { id: "system", name: "Doppelwerk", verified: true, roles: ["administrator"] };
export const SYSTEM_IMPORT: Principal = { ...SYSTEM, id: "system:import" };

/** Opens a data folder as a running site: stores, world, live values, line, connections, runs, room. One place where everything meets. */
export async function openSite(options: OpenSiteOptions): Promise<OpenSite> {
  const { logger } = options;
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
  const clock = createWallClock();
  const ids = createIdSource(clock);
  const folder = await openDataFolder(options.dataDirectory, { owner: `process ${process.pid}` });
  const { postgres: url, onLost = () => {} } = options;
  // A log of one's own comes first: where it is damaged nothing else is touched. A standby fills its cache while it waits.
  const own = url === undefined ? await openOwnLog(folder, logger) : undefined;
  const store = openSqliteRecordStore({ path: folder.paths.records, kinds: coreKinds });
  const kept =
    own ??
    (await openSharedLog({ url: url!, world: "default", owner: `process ${process.pid} on ${hostname()}`, folder, store, logger, onLost }));
  const { log, blobs } = kept;
  const history = createTieredHistory(
    options.history === "postgres" && url !== undefined
      ? await openSharedHistory(url)
      : await openSegmentHistory({
          directory: folder.paths.history,
          headRows: HISTORY_HEAD_ROWS,
          cacheBytes: HISTORY_CACHE_BYTES,
          onDamage: (damage) => logger.error({ damage }, "a damaged file of the history was set aside; the rest is served"),
        }),
  );
  const people = openPeople(join(folder.directory, "people.json"), (error) => logger.error({ err: error }, "a name could not be kept"));
  const gate = createAccessGate({ rolesOf: (principal) => principal.roles, ...options.access });
  const onListenerError = (error: unknown) => logger.error({ err: error }, "a listener of commits failed");
  const events = await openWorldEvents({
    folder,
    logger,
    kinds: (options.features ?? []).flatMap(({ feature }) => feature.events ?? []),
    postgres: options.history === "postgres" ? url : undefined,
  });
  const world = await openWorld({
    store,
    log,
    leaseEpoch: kept.epoch,
    clock,
    ids,
    seal: createSeal((text) => hash("sha256", text, "hex")),
    kinds: coreKinds,
    gate,
    events,
    onListenerError,
    turn: () => setImmediate(),
  });

  const signals = new SignalDirectory();
  const systemView = world.view(SYSTEM);
  signals.load(systemView.reader(LIVE));
  const nameOf = (actor: string) => (actor.startsWith("system") ? "Doppelwerk" : (people.nameOf(actor) ?? "someone"));
  const cache = join(folder.directory, "derived");
  mkdirSync(cache, { recursive: true });

  const past = new PastProgress();
  const listeners = new Set<SampleListener>();
  let inputs: ConclusionInputs | undefined;
  const signalGate = createSignalGate({
    gate,
    record: (id) => signals.record(id),
    inputsOf: (signal) => (signal.role !== "Alarm" ? undefined : inputs === undefined ? "unknown" : inputs.of(signal)),
  });
  const access = new SignalAccess(signalGate, signals.table, () => signals.entries());
  let inputsOfAccess: unknown;
  const hub: Hub = new Hub({
    worldName: "default",
    now: () => clock.now(),
    person: (secret, name) => localPerson(personFrom(secret, name, people)),
    view: (principal) => world.view(principal),
    mayReadSignal: (principal, id) => {
      const record = signals.record(id);
      return record === undefined || signalGate.mayRead(principal, record);
    },
    readable(principal) {
      const version = inputs?.version();
      if (inputsOfAccess !== version) access.changed();
      inputsOfAccess = version;
      return access.of(principal);
    },
    hides(principal, id) {
      const record = world.reader(LIVE).get(id);
      return record !== undefined && !gate.mayRead(principal, record);
    },
    lastSamples: (wanted) => signals.lastSamples(wanted),
    log: (message, details) => logger.warn(details ?? {}, message),
  });
  const intake = new Intake({
    signals,
    history,
    clock,
    onTick(batch) {
      for (const listener of listeners) listener.live(batch);
      hub.publish(batch);
    },
    onPast(batch) {
      for (const listener of listeners) listener.past(batch);
    },
    onNotice: (notice) => logger.warn({ notice }, "a source says"),
    onFault: (message, error) => logger.error({ err: error }, message),
  });
  world.onCommit(({ entry }) => {
    const reader = systemView.reader(LIVE);
    if (signals.follow(entry, reader)) {
      access.changed();
      hub.signalsChanged();
    }
  });

  const plantView = (principal: Principal) =>
    createPlantView(
      {
        history,
        gate: signalGate,
        documents: (of) => world.view(of),
        signals: () => signals.records(),
        signal: (id) => signals.record(id),
        live: (id) => signals.live(id),
        rows: (ids) => signals.wanted(ids),
        originOf: (signal) => signals.originOf(signal),
        record: (branch, id) => world.reader(branch).get(id),
        logBefore: (view, before, limit) => readLog(log, view, before, limit),
      },
      principal,
    );
  const featureMetrics = new FeatureMetrics();
  const features = createFeatureHost(options.features ?? [], {
    worldName: "default",
    directory: folder.directory,
    clock,
    ids,
    logger,
    blobs,
    system: SYSTEM,
    kernel: new Map<string, unknown>([
      [
        pastReading.key,
        pastPort(past, {
          onArchive(connection, read) {
            for (const listener of listeners) listener.archive(connection, read);
          },
          onArchiveGone(connection) {
            for (const listener of listeners) listener.archiveGone(connection);
          },
        }),
      ],
      [
        aasEvents.key,
        aasEventsPort(
          (principal) => world.view(principal),
          (view, after) => logAfter(log, view, after),
        ),
      ],
    ]),
    table: signals.table,
    metrics: featureMetrics,
    folds: foldsOf(
      new FoldHost(worldFolds({ directory: join(cache, "folds"), history, signals, clock, logger })),
      await FoldCatalogue.load(options.features ?? [], (feature, error) =>
        logger.error({ err: error, feature }, "a fold cannot be loaded"),
      ),
    ),
    derivations: {
      follow(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      conclude: (batch) => intake.derive(batch),
      revise: (batch) => history.append(LIVE, batch, signals.table.ids),
      record: (recorded) => world.record(recorded),
      inputs: (given) => void (inputs = given),
      progress: (progress) => past.deriving(progress),
      pastProgress: () => (past.state.done ? undefined : past.state.progress),
    },
    view: plantView,
    nameOf,
    intake,
    fileFolders: options.fileFolders ?? [],
    host: {
      version,
      workers: options.workers ?? Math.max(1, availableParallelism() - 1),
      nativeModels: options.nativeModels === true,
    },
    releaseMemory: giveMemoryBack,
    publish: (topic, payload, inputs) => hub.publishTopic(topic, payload, inputs),
  });

  const retention = new RetentionService({
    history,
    signals: () => signals.records(),
    branches: () => systemView.branches(),
    clock,
    logger,
  });
  retention.start();
  const trimming = setInterval(trimAllocator, TRIM_EVERY_MS).unref();
  intake.start();
  await features.open();

  const site: OpenSite = {
    name: "default",
    version,
    clock,
    ids,
    logger,
    accounts: people,
    history,
    events: events.store,
    blobs,
    signals,
    hub,
    features,
    featureMetrics,
    plantView,
    handling: options.handling ?? "strict",
    signer: createSigner(join(folder.directory, "signing")),
    intakeCounts: intake.counts,
    storeRefusal: () => intake.refusal,
    freeBytes: () => freeBytesOf(folder.directory),
    backfill: () => past.state,
    person: (request) => localPerson(personOf(request, people)),
    view: (principal) => world.view(principal),
    viewOf: (request) => world.view(localPerson(personOf(request, people))),
    nameOf,
    now: () => clock.now(),
    logBefore: (view, before, limit) => readLog(log, view, before, limit),
    logAfter: (view, after) => logAfter(log, view, after),
    async close() {
      clearInterval(trimming);
      await features.close();
      await retention.close();
      await hub.close();
      await intake.stop();
      await world.close();
      await kept.close();
      store.close();
      await history.close();
      await events.store.close();
      await folder.close();
    },
  };
  return site;
}

async function openSharedHistory(url: string): Promise<ThinnableHistory> {
  const { openPostgres, openPostgresHistory } = await import("@doppelwerk/storage/postgres");
  return openPostgresHistory({ database: await openPostgres(url), world: "default" });
}

function freeBytesOf(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Without accounts the server answers this machine only, and whoever sits there may do everything but approve his own request. */
function localPerson(principal: Principal): Principal {
  return { ...principal, roles: ["administrator"] };
}

async function* logAfter(log: ChangeLog, view: WorldView, after: number): AsyncGenerator<LogEntry> {
  for await (const entry of log.read(after)) {
    const visible = view.visible(entry);
    if (visible) yield visible;
  }
}

/** Entries with revision < before, newest first, as the view may see them. */
async function readLog(log: ChangeLog, view: WorldView, before: number, limit: number): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const entry of log.read(Math.max(0, before - 1 - limit))) {
    if (entry.revision >= before) break;
    const visible = view.visible(entry);
    if (visible) entries.push(visible);
  }
  return entries.reverse();
}
