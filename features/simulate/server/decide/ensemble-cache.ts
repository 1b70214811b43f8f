import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

export type Ensembles = Readonly<Record<string, readonly number[]>>;

/** Forecasts of past origins, kept so that a restart or a new shift simulates only what is new. A cache: a damaged file is begun again. */
export interface EnsembleCache {
  get(key: string): Ensembles | undefined;
  put(key: string, ensembles: Ensembles): void;
  /** Writes what was put, and forgets every other key. */
  save(keys: readonly string[]): void;
}

export function openEnsembleCache(path: string): EnsembleCache {
  const kept = new Map(read(path));
  return {
    get: (key) => kept.get(key),
    put: (key, ensembles) => void kept.set(key, ensembles),
    save(keys) {
      const wanted = new Set(keys);
      for (const key of kept.keys()) if (!wanted.has(key)) kept.delete(key);
      writeFileSync(`${path}.new`, JSON.stringify([...kept]));
      renameSync(`${path}.new`, path);
    },
  };
}

function read(path: string): readonly (readonly [string, Ensembles])[] {
  if (!existsSync(path)) return [];
  try {
    return JSON.parse(readFileSync(path, "utf8")) as readonly (readonly [string, Ensembles])[];
  } catch {
    return [];
  }
}
