import { HOME_WORLD } from "@doppelwerk/client";
import { createWallClock } from "@doppelwerk/connectors";
import type { AccessGateOptions } from "@doppelwerk/trust";
import type { Principal } from "@doppelwerk/world";
import type { ListedFeature } from "../features/resolve.ts";
import type { PackState } from "../packs/load-packs.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import { Releases } from "../releases/releases.ts";
import type { Telemetry } from "../telemetry/span-sink.ts";
import { OutsideService } from "../outside-proof/outside-service.ts";
import { TransparencyLog } from "../transparency/transparency-log.ts";
import type { TimeServer } from "../clock-watch/ask-time.ts";
import { ClockWatch } from "../clock-watch/clock-watch.ts";
import { LogForwarder, type ForwardedTo } from "../security-log/log-forwarder.ts";
import { ENTERING, LEAVING } from "../transparency/log-requests.ts";
import { issueMachineToken } from "../machines/machine-routes.ts";
import { presentMachine } from "../credentials/credential-contract.ts";
import { WorldFolders } from "../worlds/world-folders.ts";
import { noWorld } from "../worlds/world-names.ts";
import { WorldRegistry, type WorldRegistryOptions } from "../worlds/world-registry.ts";
import { loadFolds, openHostedWorld, type HostedWorldOptions } from "./open-hosted-world.ts";

export interface WorldsOptions extends Omit<
  HostedWorldOptions,
  "openTransparency" | "telemetry" | "name" | "storeKey" | "title" | "accounts" | "texts" | "foldCatalogue" | "admit" | "access"
> {
  /** Rules of an installation for each of its worlds; default as for a server of one. */
  readonly access?: (world: string) => Partial<AccessGateOptions> | undefined;
  /** Who may enter a world, and see that it is there; default everybody. What he may do in it is decided there. */
  readonly mayEnter?: (principal: Principal, world: string) => boolean;
  readonly registry?: Pick<WorldRegistryOptions<HostedWorld>, "maxOpen" | "idleMs" | "maxWaitMs">;
  /** Whether what happens is written to the transparency log of the data folder. Default no. */
  readonly transparency?: boolean;
  /** The last lines of the log, for who administers the server. */
  readonly log?: NonNullable<HostedWorlds["log"]>;
  /** Closed with the worlds. */
  readonly telemetry?: Telemetry | undefined;
  /** Where the security log is sent to; needs the transparency log. */
  readonly forwardTo?: ForwardedTo | undefined;
  /** The clock is compared with. */
  readonly timeServer?: TimeServer | undefined;
  /** Failed sign-ins of an hour that need attention. */
  readonly signInsAlert?: number | undefined;
  /** How often a backup of the data folder is expected: a last one that is older needs attention. */
  readonly backupEveryHours?: number;
  /** Hosts that administrators may have witness, stamp and anchor the transparency log. */
  readonly proofHosts?: readonly string[];
  /** Address of a list of releases. */
  readonly releases?: string | undefined;
  /** How often is looked which worlds nobody uses; default each 15 s. */
  readonly tidyMs?: number;
}

export interface OpenWorlds extends HostedWorlds {
  /** Other features and packs, in the worlds that are open and in those that open later. Errors: DW_INVALID where they do not fit together. */
  change(features: readonly ListedFeature[], packs: readonly PackState[]): Promise<void>;
  /** Opens, in the background, what opens with the server. */
  start(): Promise<void>;
  close(): Promise<void>;
}

const TIDY_MS = 15_000;

/** Opens the default world of a data folder; the others open when they are asked for. */
export async function openWorlds(options: WorldsOptions): Promise<OpenWorlds> {
  const { logger, mayEnter = () => true } = options;
  const releases = options.releases === undefined ? undefined : new Releases({ address: options.releases, now: Date.now });
  const foldCatalogue = loadFolds(options.features ?? [], logger);
  const log = options.transparency === true ? oneLog(options.dataDirectory, logger) : undefined;
  let shared = { ...options, foldCatalogue, ...(log && { openTransparency: log.open }) };
  const folders = new WorldFolders(options.dataDirectory, `process ${process.pid}`);
  const title = (): string => folders.homeTitle();
  const asked: { outside?: OutsideService } = {};
  const closeLog = async (): Promise<void> => void (await asked.outside?.close(), await log?.close());
  const home = await openHostedWorld({ ...shared, ...gateOf(options, HOME_WORLD), title, beforeStoresClose: closeLog });
  const outside = await openOutside(options, home, asked);
  const uses: ((world: HostedWorld) => void)[] = [];
  const registry = new WorldRegistry<HostedWorld>({
    ...options.registry,
    folders,
    home,
    ...(options.postgres !== undefined && { holdElsewhere: holdIn(options.postgres) }),
    now: () => performance.now(),
    onFault: (what, world, error) => logger.error({ err: error, world }, `a world: ${what}`),
    async open({ name, directory }, { id }) {
      const of = {
        dataDirectory: directory,
        name,
        storeKey: id,
        title: (): string => registry.find(name).title,
        accounts: home.accounts,
        texts: home.personal.texts,
        ...gateOf(options, name),
      };
      const world = await openHostedWorld({ ...shared, ...of, logger: logger.child({ world: name }) });
      for (const use of uses) use(world);
      return world;
    },
  });
  const tidying = keepTidy(registry, options);
  const { dataDirectory: data, log: lines, telemetry, backupEveryHours, certificates } = options;
  return {
    data,
    log: lines,
    telemetry,
    backupEveryHours,
    certificates,
    releases,
    home,
    outside,
    ...protectedBy(options, home),
    registry,
    mayEnter,
    whenOpen(use) {
      uses.push(use);
      for (const world of registry.open()) use(world);
    },
    async change(features, packs) {
      shared = { ...shared, features, packs };
      for (const world of registry.open()) await world.change(features, packs);
    },
    start() {
      releases?.start(home.version);
      return registry.start();
    },
    async close() {
      await tidying.close();
      await registry.close();
      await home.close();
      await telemetry?.close();
      releases?.close();
    },
  };
}

/** Who may enter a world, and what its access is decided by. */
function gateOf({ mayEnter = () => true, access }: WorldsOptions, world: string) {
  return {
    access: access?.(world) ?? {},
    admit(principal: Principal): void {
      if (!mayEnter(principal, world)) throw noWorld(world);
    },
  };
}

/** Closes now and then the worlds that nobody uses, and for the last time when it is closed. */
function keepTidy(registry: WorldRegistry<HostedWorld>, { logger, tidyMs = TIDY_MS }: WorldsOptions) {
  const tidy = (): Promise<void> =>
    registry.tidy().catch((error: unknown) => logger.error({ err: error }, "worlds could not be looked through"));
  const timer = setInterval(() => void tidy(), tidyMs).unref();
  return {
    close(): Promise<void> {
      clearInterval(timer);
      return tidy();
    },
  };
}

/** Opened by the first world, and closed by the default one: it is the last, and the folder is this process's until then. */
function oneLog(data: string, logger: WorldsOptions["logger"]) {
  let opened: Promise<TransparencyLog> | undefined;
  return {
    open: (version: string): Promise<TransparencyLog> =>
      (opened ??= TransparencyLog.open({ data, version, clock: createWallClock(), logger })),
    async close(): Promise<void> {
      // one that could not be opened was refused to its world already
      const [log] = await Promise.allSettled([opened]);
      if (log.status === "fulfilled")
        await log.value?.close().catch((error: unknown) => logger.error({ err: error }, "the transparency log could not be closed"));
    },
  };
}

/** Whom the log is shown to, and whose logs are cosigned. Errors: those of the files that say so; the world is closed again then. */
async function openOutside(
  { dataDirectory: data, logger, proofHosts: hosts = [] }: WorldsOptions,
  home: HostedWorld,
  asked: { outside?: OutsideService },
): Promise<OutsideService | undefined> {
  const { transparency: log } = home;
  if (log === undefined) return undefined;
  try {
    return (asked.outside = new OutsideService({ data, log, logger, hosts }));
  } catch (error) {
    await home.close();
    throw error;
  }
}

function protectedBy(
  options: WorldsOptions,
  home: HostedWorld,
): Pick<HostedWorlds, "forwarder" | "scanner" | "clockWatch" | "signInsAlert"> {
  const { uploads, signInsAlert, timeServer } = options;
  const clockWatch = timeServer && new ClockWatch(timeServer);
  return { clockWatch, forwarder: forward(options, home), scanner: uploads?.scanner, signInsAlert };
}

const DOORS = { entering: new Set([...ENTERING, issueMachineToken.id, presentMachine.id]), leaving: LEAVING };

/** The security log to a receiver, until the log has its last entry. */
function forward(
  { dataDirectory: data, forwardTo, logger }: WorldsOptions,
  { transparency: log, version }: HostedWorld,
): LogForwarder | undefined {
  if (forwardTo === undefined || log === undefined) return undefined;
  const clock = createWallClock();
  const forwarder = new LogForwarder({ ...forwardTo, data, log, version, doors: DOORS, now: () => clock.now(), logger });
  log.beforeEnd(() => forwarder.close());
  return forwarder;
}

/** What PostgreSQL keeps of a world, held until it is forgotten. */
function holdIn(url: string): (id: string) => Promise<{ forget(): Promise<void>; release(): Promise<void> }> {
  return async (id) => {
    const { holdPostgresWorld, openPostgres } = await import("@doppelwerk/storage/postgres");
    const database = await openPostgres(url);
    const closing = async (): Promise<void> => database.close();
    const held = await holdPostgresWorld(database, id, `process ${process.pid}`).catch(async (error: unknown) => {
      await closing();
      throw error;
    });
    return { forget: () => held.forget(), release: () => held.release().finally(closing) };
  };
}
