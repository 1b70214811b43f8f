import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { isOwned } from "@doppelwerk/storage/files";
import { DoppelwerkError } from "@doppelwerk/world";
import pino from "pino";
import { openIdentities, type KnownIdentities } from "../compose/open-identities.ts";
import { openWorlds, type OpenWorlds } from "../compose/open-worlds.ts";
import type { ListedFeature } from "../features/resolve.ts";
import { loadPacks } from "../packs/load-packs.ts";

export interface FolderCommandOptions {
  readonly data: string;
  readonly json?: boolean;
}

/**
 * Works on the worlds of a folder that no server runs on, with all that a server writes beside: log, transparency log, accounts. Features are known by their
 * manifests alone: nothing connects to a plant, and nothing is computed. Errors: DW_NOT_FOUND, DW_CONFLICT where a server runs.
 */
export async function workingOnFolder<Done>(
  { data }: FolderCommandOptions,
  features: readonly ListedFeature[],
  work: (opened: { readonly worlds: OpenWorlds; readonly identities: KnownIdentities | undefined }) => Promise<Done>,
): Promise<Done> {
  if (!existsSync(join(data, "format.json"))) throw new DoppelwerkError("DW_NOT_FOUND", message("server.noFolderOfServer", { data }));
  if (isOwned(join(data, "lease.sqlite"))) throw new DoppelwerkError("DW_CONFLICT", message("server.folderServerRuns", { data }));
  const logger = pino({ level: process.env["DOPPELWERK_LOG"] ?? "warn" }, pino.destination(2));
  const onFault = (error: unknown): void => logger.error({ err: error }, "sessions could not be kept");
  const packs = await loadPacks(data, [], features);
  const identities = await openIdentities({ data, isSecure: false, requestsPerSecond: 1, onFault });
  const worlds = await openWorlds({
    dataDirectory: data,
    features: [...features, ...packs.features].map(asManifest),
    packs: packs.packs,
    logger,
    transparency: true,
    ...(identities !== undefined && { people: (names) => identities.people.nameTo(names) }),
  });
  try {
    return await work({ worlds, identities });
  } finally {
    await worlds.close();
  }
}

/** What it keeps, and not what it does. */
function asManifest({ feature, folder }: ListedFeature): ListedFeature {
  const { server: _server, views: _views, ...manifest } = feature;
  const needs = { ...feature.needs, ports: [], may: [], slots: [] };
  return {
    folder,
    feature: { ...manifest, needs, offers: { ports: [], slots: [] }, contributes: [], folds: [], contract: [], topics: [] },
  };
}
