import { readFileSync } from "node:fs";
import { join } from "node:path";

/** An entry of package-lock.json, by its path in the repository. */
export interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export type LockFile = ReadonlyMap<string, LockedPackage>;

export function readLockFile(root: string): LockFile {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, LockedPackage> };
  return new Map(Object.entries(packages));
}

/** The package that a path below `node_modules` is of. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Where Node finds a package that is imported from a folder: the nearest `node_modules`, upwards. */
export function locate(lock: LockFile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (lock.has(path)) return path;
    if (folder === "") return undefined;
  }
}

/** Of what the program is packed for, beside its processor. */
const PLATFORM = { os: "linux", libc: "glibc" } as const;

/**
 * Packages, by path, that the imports of the workspaces need with all that these depend on. Errors: one that no install would find either.
 * Packages of types are nothing that runs.
 */
export function neededPackages(lock: LockFile, imported: ReadonlyMap<string, ReadonlySet<string>>, cpu = "x64"): readonly string[] {
  const needed = new Set<string>();
  const add = (from: string, name: string, required: boolean): void => {
    if (name.startsWith("@types/")) return;
    const path = locate(lock, from, name);
    if (path === undefined) {
      if (required) throw new Error(`${from} needs ${name}, which package-lock.json does not have`);
      return;
    }
    const entry = lock.get(path)!;
    if (entry.link === true || needed.has(path) || !runsOn(entry, cpu)) return;
    needed.add(path);
    for (const each of Object.keys(entry.dependencies ?? {})) add(path, each, entry.optionalDependencies?.[each] === undefined);
    for (const each of Object.keys(entry.optionalDependencies ?? {})) add(path, each, false);
    for (const each of Object.keys(entry.peerDependencies ?? {}))
      if (entry.peerDependenciesMeta?.[each]?.optional !== true) add(path, each, false);
  };
  for (const [workspace, names] of imported) for (const name of names) add(workspace, name, true);
  return [...needed].sort();
}

function runsOn({ os, cpu, libc }: LockedPackage, processor: string): boolean {
  return (os?.includes(PLATFORM.os) ?? true) && (cpu?.includes(processor) ?? true) && (libc?.includes(PLATFORM.libc) ?? true);
}
