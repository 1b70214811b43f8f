import { holdRecordCache, type HeldFile, type HeldRecordCache, type Staging } from "@doppelwerk/storage/capture";
import type { SentCache } from "./sent-files.ts";

/** A shorter change log is replayed in a few seconds. */
export const CACHE_FROM_BYTES = 4_000_000;
/** A cache that was sent serves until the log has grown by so much: what came since is folded when it is restored. */
const GROWTH = 1.25;

/** The record caches of a backup: those to be sent, held until then, and those that an earlier backup sent. */
export interface HeldCaches {
  readonly held: ReadonlyMap<string, { readonly logBytes: number; readonly files: readonly HeldFile[] }>;
  readonly sent: ReadonlyMap<string, SentCache>;
  release(): void;
}

export interface CachesOptions {
  readonly worlds: readonly { readonly directory: string; readonly logBytes: number }[];
  readonly staging: Staging;
  /** What the folder of backups has. */
  readonly sent: ReadonlyMap<string, SentCache>;
  readonly fromBytes?: number | undefined;
}

/** To be held before change logs are captured. Errors: those of `Staging`. */
export function holdCaches({ worlds, staging, sent, fromBytes = CACHE_FROM_BYTES }: CachesOptions): HeldCaches {
  const caches: HeldRecordCache[] = [];
  const held = new Map<string, { readonly logBytes: number; readonly files: readonly HeldFile[] }>();
  const kept = new Map<string, SentCache>();
  for (const { directory: world, logBytes } of worlds) {
    if (logBytes < fromBytes) continue;
    const name = staging.nameOf(world);
    const known = sent.get(name);
    if (known !== undefined && logBytes <= known.logBytes * GROWTH) {
      kept.set(name, known);
      continue;
    }
    const cache = holdRecordCache(world, staging);
    if (cache === undefined) continue;
    caches.push(cache);
    held.set(name, { logBytes, files: cache.files });
  }
  return { held, sent: kept, release: () => caches.splice(0).forEach((cache) => cache.release()) };
}
