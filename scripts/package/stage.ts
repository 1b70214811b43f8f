import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { serverEnvironment, serverFlags } from "../server-process.mjs";
import { neededPackages, readLockFile } from "./lock-file.ts";
import { folderOfPackage, runtimePath, type Machine } from "./machine.ts";
import { importsOf, shippedFiles } from "./shipped-files.ts";

/** What is in a package: the program as a tree of files that runs where it lies. */
export interface Staged {
  readonly folder: string;
  /** Packages of npm in it, by their path. */
  readonly packages: readonly string[];
}

/** Never loaded: Node runs no TypeScript below `node_modules`, and maps, types and texts run nowhere. Licences stay. */
const UNUSED =
  /\.(?:map|ts|mts|cts|tsx|flow|tsbuildinfo|markdown)$|(?<!LICEN[CS]E|NOTICE|COPYING)\.md$|\/(?:test|tests|__tests__|\.github|\.nyc_output)\//i;

export interface StageOptions {
  /** The studio as `npm run build` makes it. */
  readonly built: string;
  readonly machine: Machine;
  /** Where packages of another machine than this one are unpacked. */
  readonly cache: string;
}

/** Writes the program into an empty folder. Errors: an import that would not be found, and those of `folderOfPackage`. */
export function stage(root: string, folder: string, { built, machine, cache }: StageOptions): Staged {
  const files = shippedFiles(root);
  const { packages: imported, broken } = importsOf(root, files);
  if (broken.length > 0) throw new Error(broken.join("\n"));
  const lock = readLockFile(root);
  const packages = neededPackages(lock, imported, machine);
  rmSync(folder, { recursive: true, force: true });
  for (const path of files) put(join(root, path), join(folder, path));
  for (const path of packages) putPackage(folderOfPackage(root, lock, path, cache), join(folder, path));
  for (const path of globSync("node_modules/@doppelwerk/*", { cwd: root }).sort()) linkWorkspace(root, folder, path);
  for (const path of filesIn(built).filter((each) => each !== ".source-hash"))
    put(join(built, path), join(folder, "packages/studio/dist", path));
  putRuntime(folderOfPackage(root, lock, runtimePath(machine), cache), folder);
  putText(join(folder, "doppelwerk"), launcherFrom(readFileSync(join(root, "packaging/launcher.sh"), "utf8")), 0o755);
  setModesOfFolders(folder);
  return { folder, packages };
}

/** Paths of the files below a folder, sorted; those that begin with a dot too. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

export function putText(path: string, text: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
}

/** Copies a file; modes are 644 or 755, whatever the umask of a checkout was. */
export function put(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, (statSync(from).mode & 0o100) === 0 ? 0o644 : 0o755);
}

/** Folders are 755, whatever the umask of the machine that makes a package. */
export function setModesOfFolders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
}

function putPackage(inner: string, folder: string): void {
  const files = filesIn(inner).filter((file) => !/(?:^|\/)node_modules\//.test(file));
  // some have their licence in what they say of themselves
  const readme = files.some((file) => /^(?:licen[cs]e|copying)/i.test(file)) ? undefined : files.find((file) => /^readme/i.test(file));
  for (const file of files) if (file === readme || !UNUSED.test(`/${file}`)) put(join(inner, file), join(folder, file));
}

/** Only workspaces that are shipped: a link to nowhere would be found by whoever checks the package. */
function linkWorkspace(root: string, folder: string, path: string): void {
  const target = readLockFile(root).get(path)?.resolved;
  if (target === undefined || !existsSync(join(folder, target, "package.json"))) return;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(relative(dirname(path), target), join(folder, path));
}

function putRuntime(runtime: string, folder: string): void {
  put(join(runtime, "bin/node"), join(folder, "runtime/bin/node"));
  put(join(runtime, "LICENSE"), join(folder, "runtime/LICENSE"));
}

/** As the repository starts a server; what is set outside stays. */
function launcherFrom(template: string): string {
  const { NODE_COMPILE_CACHE: _, ...environment } = serverEnvironment({}) as Readonly<Record<string, string>>;
  const exported = Object.entries(environment).map(([name, value]) => `export ${name}="\${${name}-${value}}"`);
  return template.replace("@ENVIRONMENT@", exported.join("\n")).replace("@FLAGS@", serverFlags.join(" "));
}
