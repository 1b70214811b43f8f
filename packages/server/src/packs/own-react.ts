import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sourcesOf } from "@doppelwerk/kit/pack";
import { listPackFolder } from "./pack-files.ts";

/** How React marks its elements, in version 19 and before it: what stays of a bundled one however much of it was left out. */
const MARK_OF_REACT = /["'`]react\.(?:transitional\.)?element["'`]/;
const IMPORTED = /(?:\bfrom|\bimport)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g;

/** Paths of JavaScript that holds a React of its own. */
export function filesWithReact(folder: string): ReadonlySet<string> {
  const scripts = listPackFolder(folder).filter((path) => /\.m?js$/.test(path));
  return new Set(scripts.filter((path) => MARK_OF_REACT.test(readFileSync(join(folder, path), "utf8"))));
}

/** The first of these files that a module reaches by its imports, its own among them; undefined where it reaches none. Paths are from the folder. */
export function reachedFrom(folder: string, module: string, files: ReadonlySet<string>): string | undefined {
  if (files.size === 0) return undefined;
  const reached = new Set([module]);
  for (const path of reached) {
    if (files.has(path)) return path;
    for (const [, name] of textOf(folder, path).matchAll(IMPORTED))
      reached.add(asServed(new URL(name!, `file:///${path}`).pathname.slice(1)));
  }
  return undefined;
}

/** A module of an author is there as it is written. */
function textOf(folder: string, path: string): string {
  for (const file of [path, ...sourcesOf(path)])
    try {
      return readFileSync(join(folder, file), "utf8");
    } catch {
      // not this one
    }
  return "";
}

function asServed(path: string): string {
  return path.replace(/\.(?:tsx?|jsx)$/, ".js");
}
