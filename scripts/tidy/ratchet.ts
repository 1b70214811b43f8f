import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cycles, folderGraph, runTimeGraph } from "./import-graph.ts";
import type { Source } from "./sources.ts";

/** What may only fall: the finds of each number, one line each, so that the number can be seen and lowered. */
export type Finds = Readonly<Record<string, readonly string[]>>;

export const MAX_FUNCTION_LINES = 70;
export const MAX_FILE_LINES = 600;

export function ratchetFinds(root: string, sources: readonly Source[]): Finds {
  const product = sources.filter(({ isTest }) => !isTest);
  return {
    filesInRunTimeCycles: cycles(runTimeGraph(root, sources)).flatMap((files) =>
      files.map((file) => `${file} (a cycle of ${files.length} files)`),
    ),
    foldersInCycles: cycles(folderGraph(root, sources)).flatMap((folders) =>
      folders.map((folder) => `${folder} (a cycle of ${folders.length} folders)`),
    ),
    functionsOver70Lines: product.flatMap(({ file, functions }) =>
      functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES).map(({ line, lines }) => `${file}:${line} has ${lines} lines`),
    ),
    filesOver600Lines: sources.flatMap(({ file, text }) => {
      const lines = text.split("\n").length - 1;
      return lines > MAX_FILE_LINES ? [`${file} has ${lines} lines`] : [];
    }),
    silentCatches: product.flatMap(({ file, silentCatches }) => silentCatches.map((line) => `${file}:${line}`)),
    featureImportsBesideKit: product
      .filter(({ file }) => file.startsWith("features/"))
      .flatMap(({ file, imports }) =>
        imports
          .filter(({ specifier }) => /^@doppelwerk\/(?!(?:kit|ports)(?:\/|$))/.test(specifier))
          .map(({ specifier }) => `${file} imports ${specifier}`),
      ),
  };
}

/**
 * Holds every number of `ratchet.json` to what is found. A higher one fails; a lower one fails too until it is recorded, so that it cannot
 * rise again. `write` records lower numbers, never higher ones. A number that is null is measured and not yet held.
 */
export function checkRatchet(root: string, finds: Finds, write: boolean): string[] {
  const path = join(root, "ratchet.json");
  const recorded = JSON.parse(readFileSync(path, "utf8")) as Record<string, number | null>;
  const complaints: string[] = [];
  // the levels of features stand there too; scripts/tidy/levels.ts holds them
  for (const name of Object.keys(recorded))
    if (name !== "levels" && !(name in finds)) complaints.push(`ratchet.json: nothing measures ${name}`);
  for (const [name, found] of Object.entries(finds)) {
    const limit = recorded[name];
    if (limit === null) continue;
    if (limit === undefined) complaints.push(`ratchet.json: ${name} is not recorded; today it is ${found.length}`);
    else if (found.length > limit)
      complaints.push(`ratchet.json: ${name} rose from ${limit} to ${found.length}:`, ...found.map((line) => `  ${line}`));
    else if (found.length < limit && write) recorded[name] = found.length;
    else if (found.length < limit)
      complaints.push(`ratchet.json: ${name} fell from ${limit} to ${found.length}; record it: node scripts/tidy.ts --write`);
  }
  if (write) writeFileSync(path, `${JSON.stringify(recorded, null, 2)}\n`);
  return complaints;
}
