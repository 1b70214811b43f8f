import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseSync } from "oxc-parser";

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string>>;
}

/** The workspace packages of the repository: which one a file belongs to, and under which specifier others import it. */
export class Exports {
  private readonly root: string;
  private readonly manifests = new Map<string, Manifest>();

  constructor(root: string, files: readonly string[]) {
    this.root = root;
    for (const file of files)
      if (file.endsWith("/package.json")) {
        const manifest = JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest;
        if (manifest.name?.startsWith("@doppelwerk/")) this.manifests.set(posix.dirname(file), manifest);
      }
  }

  /** The folder of the package that a file belongs to, by the manifests as they are before a move. */
  folderOf(file: string): string | undefined {
    for (let folder = posix.dirname(file); folder !== "."; folder = posix.dirname(folder)) if (this.manifests.has(folder)) return folder;
    return undefined;
  }

  packageOf(file: string): string | undefined {
    const folder = this.folderOf(file);
    return folder === undefined ? undefined : this.manifests.get(folder)!.name;
  }

  /** The file behind `@doppelwerk/x/y`. */
  fileOf(specifier: string): string | undefined {
    for (const [folder, manifest] of this.manifests) {
      if (specifier !== manifest.name && !specifier.startsWith(`${manifest.name}/`)) continue;
      const subpath = `.${specifier.slice(manifest.name.length)}`;
      for (const [key, target] of Object.entries(manifest.exports ?? {})) {
        const [head, tail] = key.split("*") as [string, string?];
        if (tail === undefined ? key === subpath : subpath.startsWith(head) && subpath.endsWith(tail) && subpath.length > head.length) {
          const star = tail === undefined ? "" : subpath.slice(head.length, subpath.length - tail.length);
          const file = posix.join(folder, target.replaceAll("*", star));
          if (existsSync(join(this.root, file))) return file;
        }
      }
    }
    return undefined;
  }

  /** How another package imports a file: by an export of its own, or by an index of its package that passes on all the names. */
  specifierOf(path: string, today: string, names: readonly string[] | undefined): string | undefined {
    const folder = this.folderOf(path);
    if (folder === undefined) return undefined;
    const { name, exports = {} } = this.manifests.get(folder)!;
    for (const [key, target] of Object.entries(exports)) {
      const [head, tail] = posix.join(folder, target).split("*") as [string, string?];
      if (tail === undefined) {
        // an export of a file that moves inside its package follows it
        if (head === path || (head === today && this.folderOf(today) === folder)) return name + key.slice(1);
      } else if (path.startsWith(head) && path.endsWith(tail) && path.length > head.length + tail.length) {
        const star = path.slice(head.length, path.length - tail.length);
        return name + key.slice(1).replace("*", star);
      }
    }
    if (names === undefined) return undefined;
    for (const [key, target] of Object.entries(exports)) {
      if (target.includes("*")) continue;
      const entry = posix.join(folder, target);
      if (names.every((each) => this.originOf(entry, each)?.file === (path === today ? path : today))) return name + key.slice(1);
    }
    return undefined;
  }

  /** The file that declares a name which `file` passes on, today. */
  private originOf(file: string, name: string): { readonly file: string } | undefined {
    const path = join(this.root, file);
    if (!existsSync(path)) return undefined;
    const { staticExports } = parseSync(file, readFileSync(path, "utf8")).module;
    for (const entry of staticExports.flatMap((statement) => statement.entries)) {
      const source = entry.moduleRequest?.value;
      if (entry.exportName.name === name) {
        if (source === undefined) return { file };
        return source.startsWith(".") ? this.originOf(posix.join(posix.dirname(file), source), entry.importName.name ?? name) : undefined;
      }
      if (source?.startsWith(".") && entry.exportName.kind === "None" && entry.importName.kind === "AllButDefault") {
        const origin = this.originOf(posix.join(posix.dirname(file), source), name);
        if (origin !== undefined) return origin;
      }
    }
    return undefined;
  }
}
