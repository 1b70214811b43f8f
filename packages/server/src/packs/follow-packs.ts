import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { textOf } from "@doppelwerk/messages";
import { reasonOf } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { ListedFeature } from "../features/resolve.ts";
import { loadPacks, type LoadedPacks, type PackState } from "./load-packs.ts";
import { manifestOfFolder } from "./pack-source.ts";
import { serverEditionOf } from "./server-edition.ts";

export interface FollowPacks {
  readonly data: string;
  /** Those of authors. */
  readonly folders: readonly string[];
  readonly product: readonly ListedFeature[];
  readonly loaded: LoadedPacks;
  readonly worlds: {
    /** They take other features and packs. */
    change(features: readonly ListedFeature[], packs: readonly PackState[]): Promise<void>;
  };
  readonly logger: Logger;
  /** Default each second. */
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;

/**
 * Takes packs in, and lets them go, as `pack add` and `pack remove` write the list of packs: it is replaced as a whole, so that it is the old one or the
 * new one. A folder of an author is taken in again when what runs of it on the server changed. Returns how to stop.
 */
export function followPacks(options: FollowPacks): () => void {
  const { data, logger, everyMs = EVERY_MS } = options;
  const path = join(resolve(data), "packs", "packs.json");
  const keys = join(resolve(data), "packs", "keys.json");
  const stampNow = (): string => [stampOf(path), stampOf(keys), ...options.folders.map(editionNow)].join("\n");
  let seen = stampNow();
  let present = options.loaded;
  let turn = Promise.resolve();
  const timer = setInterval(() => {
    const stamp = stampNow();
    if (stamp === seen) return;
    seen = stamp;
    turn = turn
      .then(async () => {
        present = await reloaded(options, present);
      })
      .catch((error: unknown) => logger.error({ err: error }, "the packs could not be taken in; those before go on"));
  }, everyMs).unref();
  return () => clearInterval(timer);
}

function stampOf(path: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return "none";
  }
}

/** Another text as soon as a folder of an author has to be taken in again. */
function editionNow(folder: string): string {
  try {
    return serverEditionOf(folder, manifestOfFolder(folder));
  } catch (error) {
    // its manifest is being written: what is wrong with it is reported once
    return textOf(reasonOf(error));
  }
}

async function reloaded({ data, folders, product, worlds, logger }: FollowPacks, before: LoadedPacks): Promise<LoadedPacks> {
  const read = await loadPacks(data, folders, product);
  for (const { name, from, refused } of read.packs)
    if (
      refused !== undefined &&
      !before.packs.some((pack) => pack.name === name && pack.from === from && pack.refused?.code === refused.code)
    )
      logger.warn(`the pack ${name} is not loaded: ${textOf(refused)}`);
  const loaded = withFormer(read, before);
  // what is the same goes on: its process, its folds, what is open
  const sameAs = (pack: PackState): boolean =>
    before.packs.some((other) => keyOf(other) === keyOf(pack) && other.refused?.code === pack.refused?.code);
  const kept = new Set(loaded.packs.filter((pack) => pack.refused === undefined && sameAs(pack)).flatMap(({ features }) => features));
  const features = loaded.features.map((one) =>
    kept.has(one.feature.id) ? (before.features.find(({ feature }) => feature.id === one.feature.id) ?? one) : one,
  );
  await worlds.change([...product, ...features], loaded.packs);
  return { features, packs: loaded.packs };
}

/** A folder whose manifest cannot be read for now stays what it was. */
function withFormer(loaded: LoadedPacks, before: LoadedPacks): LoadedPacks {
  const isBroken = (folder: string): boolean =>
    loaded.packs.some(({ name, from, refused }) => from === "folder" && refused !== undefined && name === folder);
  const former = before.packs.filter(({ from, studio }) => from === "folder" && studio !== undefined && isBroken(studio.folder));
  if (former.length === 0) return loaded;
  const names = new Set(former.flatMap(({ name, studio }) => [name, studio!.folder]));
  const features = new Set(former.flatMap((pack) => pack.features));
  return {
    packs: [...loaded.packs.filter(({ name }) => !names.has(name)), ...before.packs.filter(({ name }) => names.has(name))],
    features: [
      ...loaded.features.filter(({ feature }) => !features.has(feature.id)),
      ...before.features.filter(({ feature }) => features.has(feature.id)),
    ],
  };
}

function keyOf({ name, version, from, added, edition }: PackState): string {
  return [name, version, from, added, edition].join(" ");
}
