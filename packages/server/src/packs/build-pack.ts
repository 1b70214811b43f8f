import { readFileSync, writeFileSync } from "node:fs";
import { join, posix } from "node:path";
import { sourcesOf } from "@doppelwerk/kit/pack";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { compileView } from "./compile-view.ts";
import { listPackFolder } from "./pack-files.ts";
import { manifestOfFolder } from "./pack-source.ts";

/** What the studio has for views; a view imports nothing else from outside of its pack. */
const SHARED: ReadonlySet<string> = new Set([
  "react",
  "react/jsx-runtime",
  "react-dom",
  "@doppelwerk/kit/studio",
  "@doppelwerk/kit/studio/viewer",
]);

/**
 * Compiles what the views of a pack load, and what that imports, to the `.js` beside each source; returns the paths that it wrote, sorted. Server part and
 * folds run as TypeScript. Errors: DW_INVALID where a module does not compile, or imports what a browser will not find; nothing is written then.
 */
export async function buildPack(folder: string): Promise<readonly string[]> {
  const there = new Set(listPackFolder(folder));
  const waiting = manifestOfFolder(folder).features.flatMap(({ views }) => views.map(({ load }) => load.slice("./".length)));
  const seen = new Set<string>();
  const built = new Map<string, string>();
  // it grows while it is walked
  for (const path of waiting) {
    if (seen.has(path)) continue;
    seen.add(path);
    const source = sourcesOf(path).find((one) => there.has(one));
    const text = readFileSync(join(folder, source ?? path), "utf8");
    const code = source === undefined ? text : await compileView(source, text);
    if (source !== undefined) built.set(path, code);
    for (const name of await importsOf(path, code)) {
      const target = posix.join(posix.dirname(path), name);
      const isOwn = /^\.\.?\/.*\.(m?js|json)$/.test(name) && (there.has(target) || sourcesOf(target).some((one) => there.has(one)));
      if (isOwn) waiting.push(target);
      else if (!SHARED.has(name)) throw new DoppelwerkError("DW_INVALID", message("packs.importForeign", { path: source ?? path, name }));
    }
  }
  for (const [path, code] of built) writeFileSync(join(folder, path), code);
  return [...built.keys()].toSorted();
}

/** What JavaScript imports; an import whose name is computed is left out. */
async function importsOf(path: string, code: string): Promise<readonly string[]> {
  const { parseSync } = await import("rolldown/utils");
  const { staticImports, staticExports, dynamicImports } = parseSync(path, code).module;
  return [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...dynamicImports.flatMap(({ moduleRequest: { start, end } }) => /^(["'`])([^"'`$]+)\1$/.exec(code.slice(start, end))?.[2] ?? []),
  ];
}
