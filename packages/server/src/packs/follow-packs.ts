import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import type { ListedFeature } from "../features/resolve.ts";
import { loadPacks, type LoadedPacks, type PackState } from "./load-packs.ts";

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
 * new one. Returns how to stop.
 */
export function followPacks(options: FollowPacks): () => void {
  const { data, logger, everyMs = EVERY_MS } = options;
  const path = join(resolve(data), "packs", "packs.json");
  let seen = stampOf(path);
  let present = options.loaded;
  let turn = Promise.resolve();
  const timer = setInterval(() => {
    const stamp = stampOf(path);
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

async function reloaded({ data, folders, product, worlds }: FollowPacks, before: LoadedPacks): Promise<LoadedPacks> {
  const loaded = await loadPacks(data, folders, product);
  // what is the same goes on: its process, its folds, what is open
  const sameAs = (pack: PackState): boolean =>
    before.packs.some((other) => keyOf(other) === keyOf(pack) && other.refused?.code === pack.refused?.code);
  const kept = new Set(loaded.packs.filter(sameAs).flatMap(({ features }) => features));
  const features = loaded.features.map((one) =>
    kept.has(one.feature.id) ? (before.features.find(({ feature }) => feature.id === one.feature.id) ?? one) : one,
  );
  await worlds.change([...product, ...features], loaded.packs);
  return { features, packs: loaded.packs };
}

function keyOf({ name, version, from, added }: PackState): string {
  return [name, version, from, added].join(" ");
}
