import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { nameOf, type LockFile } from "./lock-file.ts";

/** Machines that packages are made for. Only one of them runs what it builds. */
export const MACHINES = ["x64", "arm64"] as const;
export type Machine = (typeof MACHINES)[number];

/** As Debian calls them. */
export const DEBIAN_NAMES: Readonly<Record<Machine, string>> = { x64: "amd64", arm64: "arm64" };

/** The package of npm that has the runtime. */
export const runtimePath = (machine: Machine): string => `node_modules/node-linux-${machine}`;

/**
 * Where the files of a locked package lie: installed here, or, of another machine, fetched by npm's client and unpacked below `cache`. Errors: one that cannot be
 * fetched, or is not what package-lock.json has the SHA-512 of.
 */
export function folderOfPackage(root: string, lock: LockFile, path: string, cache: string): string {
  const installed = join(root, path);
  if (existsSync(join(installed, "package.json"))) return installed;
  const entry = lock.get(path);
  if (entry?.integrity === undefined) throw new Error(`${path} is not in package-lock.json with a SHA-512`);
  const folder = join(cache, path);
  if (existsSync(join(folder, "package.json"))) return folder;
  mkdirSync(folder, { recursive: true });
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", `${nameOf(path)}@${entry.version}`, "--json", "--ignore-scripts", "--pack-destination", folder], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as readonly { readonly filename: string }[];
  const tarball = join(folder, packed!.filename);
  requireIntegrity(readFileSync(tarball), entry.integrity, path);
  execFileSync("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1", "--no-same-owner"]);
  rmSync(tarball);
  return folder;
}

/** Errors: other content than that. */
export function requireIntegrity(bytes: Uint8Array, integrity: string, path: string): void {
  const found = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  if (found !== integrity) throw new Error(`${path} is not what package-lock.json has the SHA-512 of`);
}
