import { hash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { PackManifest } from "@doppelwerk/kit/pack";
import { listPackFolder } from "./pack-files.ts";

/** Folders of an author that nothing on the server runs. */
const OTHERS = ["test", "tests", "docs"];

/**
 * Twelve digits that are others as soon as the manifest, the server part or a fold of an author's folder may be others: of all files but those beside
 * its views, its words and its tests, which no process has loaded. Errors: DW_INVALID, DW_NOT_FOUND.
 */
export function serverEditionOf(folder: string, { features }: Pick<PackManifest, "features">): string {
  const views = features.flatMap((feature) => feature.views.map(({ load }) => load.split("/").slice(1, -1).join("/")));
  const words = features.flatMap((feature) => (feature.words === undefined ? [] : [feature.words.slice(2)]));
  const leftOut = [...OTHERS, ...views, ...words].filter((path) => path !== "").map((path) => `${path}/`);
  const files = listPackFolder(folder).filter((path) => isLoaded(path) && !leftOut.some((begin) => path.startsWith(begin)));
  const stamps = files.map((path) => {
    const { mtimeMs, size } = statSync(join(folder, path));
    return [path, mtimeMs, size];
  });
  return hash("sha256", JSON.stringify(stamps), "hex").slice(0, 12);
}

function isLoaded(path: string): boolean {
  return /\.(?:[cm]?[jt]s|json|wasm)$/.test(path);
}
