import { posix } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { INTEGRITY_FILE } from "./integrity.ts";
import type { PackFiles } from "./pack-files.ts";

/** In the root, whatever `files` lists. */
const ALWAYS = /^(package\.json|(readme|licen[cs]e|copying)(\.[^/]*)?)$/i;

/**
 * Of the files of an author's folder those that `npm pack` takes by `files` of `package.json`; all where it has none. Errors: DW_INVALID where that leaves
 * out the list of a signed pack.
 */
export function packedFiles(files: PackFiles): PackFiles {
  const { files: listed } = JSON.parse(Buffer.from(files.get("package.json") ?? []).toString()) as { readonly files?: readonly string[] };
  if (listed === undefined) return files;
  const entries = listed.map((entry) => entry.replace(/^\.?\//, "").replace(/\/$/, ""));
  const isListed = (path: string): boolean =>
    entries.some((entry) => posix.matchesGlob(path, entry) || posix.matchesGlob(path, `${entry}/**`));
  if (!isListed(INTEGRITY_FILE)) throw new DoppelwerkError("DW_INVALID", message("packs.integrityNotPacked", { file: INTEGRITY_FILE }));
  return new Map([...files].filter(([path]) => ALWAYS.test(path) || isListed(path)));
}
