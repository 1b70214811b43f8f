import { HOME_WORLD } from "@doppelwerk/client";
import type { AccessGateOptions } from "@doppelwerk/trust";
import type { Principal } from "@doppelwerk/world";
import type { ListedFeature } from "../features/resolve.ts";
import type { PackState } from "../packs/load-packs.ts";
import type { HostedWorld } from "../routes/hosted-world.ts";
import type { HostedWorlds } from "../routes/hosted-worlds.ts";
import { WorldFolders } from "../worlds/world-folders.ts";
import { noWorld } from "../worlds/world-names.ts";
import { WorldRegistry, type WorldRegistryOptions } from "../worlds/world-registry.ts";
import { loadFolds, openHostedWorld, type HostedWorldOptions } from "./open-hosted-world.ts";

export interface WorldsOptions extends Omit<
  HostedWorldOptions,
  "name" | "storeKey" | "title" | "accounts" | "foldCatalogue" | "admit" | "access"
> {
  /** Rules of an installation for each of its worlds; default as for a server of one. */
  readonly access?: (world: string) => Partial<AccessGateOptions> | undefined;
  /** Who may enter a world, and see that it is there; default everybody. What he may do in it is decided there. */
  readonly mayEnter?: (principal: Principal, world: string) => boolean;
  readonly registry?: Pick<WorldRegistryOptions<HostedWorld>, "maxOpen" | "idleMs" | "maxWaitMs">;
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
  const foldCatalogue = loadFolds(options.features ?? [], logger);
  let shared = { ...options, foldCatalogue };
  const admit = (world: string) => (principal: Principal) => {
    if (!mayEnter(principal, world)) throw noWorld(world);
  };
  const accessOf = (world: string) => {
    const access = options.access?.(world);
    return access === undefined ? { access: {} } : { access };
  };
  const folders = new WorldFolders(options.dataDirectory, `process ${process.pid}`);
  const title = (): string => folders.homeTitle();
  const home = await openHostedWorld({ ...shared, ...accessOf(HOME_WORLD), title, admit: admit(HOME_WORLD) });
  const uses: ((world: HostedWorld) => void)[] = [];
  const registry = new WorldRegistry<HostedWorld>({
    ...options.registry,
    folders,
    home,
    ...(options.postgres !== undefined && { holdElsewhere: holdIn(options.postgres) }),
    now: () => performance.now(),
    onFault: (what, world, error) => logger.error({ err: error, world }, `a world: ${what}`),
    async open({ name, directory }, { id }) {
      const titleOfIt = (): string => registry.find(name).title;
      const of = {
        dataDirectory: directory,
        name,
        storeKey: id,
        title: titleOfIt,
        accounts: home.accounts,
        ...accessOf(name),
        admit: admit(name),
      };
      const world = await openHostedWorld({ ...shared, ...of, logger: logger.child({ world: name }) });
      for (const use of uses) use(world);
      return world;
    },
  });
  const tidying = setInterval(() => {
    registry.tidy().catch((error: unknown) => logger.error({ err: error }, "worlds could not be looked through"));
  }, options.tidyMs ?? TIDY_MS).unref();
  return {
    data: options.dataDirectory,
    home,
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
    start: () => registry.start(),
    async close() {
      clearInterval(tidying);
      await registry.tidy().catch((error: unknown) => logger.error({ err: error }, "worlds could not be looked through"));
      await registry.close();
      await home.close();
    },
  };
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
