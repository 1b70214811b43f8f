import type { DataFolder } from "@doppelwerk/storage/files";
import { openEvents } from "@doppelwerk/storage/events";
import type { EventKind, EventOptions } from "@doppelwerk/world";
import type { Logger } from "pino";
import { openNoted } from "./known-events.ts";

export interface OpenEventsOptions {
  readonly folder: DataFolder;
  readonly logger: Logger;
  readonly kinds: readonly EventKind[];
  /** The PostgreSQL that keeps the history of this world; absent = in the folder. */
  readonly postgres?: string | undefined;
  /** What the world is called there. */
  readonly world: string;
}

/** The events of a world, beside its history. */
export async function openWorldEvents({ folder, logger, kinds, postgres, world }: OpenEventsOptions): Promise<EventOptions> {
  const store = postgres === undefined ? openEventFiles(folder, logger) : await openSharedEvents(postgres, world);
  for (const damage of store.damages()) logger.error({ damage }, "events are missing; the rest is served");
  return {
    store,
    kinds,
    onFault: (error, { type, version, id }) =>
      logger.error(
        { err: error, type, version, id },
        "an event could not be read in the version of its type; it is shown as it was stored",
      ),
  };
}

function openEventFiles(folder: DataFolder, logger: Logger): EventOptions["store"] {
  const onDamage = (damage: unknown): void => logger.error({ damage }, "a file of events is damaged; the rest is served");
  return openNoted(folder.directory, () => openEvents({ directory: folder.paths.events, onDamage }));
}

async function openSharedEvents(url: string, world: string): Promise<EventOptions["store"]> {
  // loaded where it is used
  const { openPostgres, openPostgresEvents } = await import("@doppelwerk/storage/postgres");
  return openPostgresEvents({ database: await openPostgres(url), world });
}
