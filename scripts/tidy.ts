import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkKitApi } from "./kit-api.ts";
import { checkCompileSets, checkTestProjects } from "./tidy/file-sets.ts";
import { checkDialect } from "./tidy/dialect.ts";
import { checkDocumentWords } from "./tidy/document-words.ts";
import { checkIds, checkNeeds, checkStrangers } from "./tidy/features.ts";
import { checkDiagram, checkHouse, readHouse } from "./tidy/house.ts";
import { checkSources } from "./tidy/imports.ts";
import { checkLanguages } from "./tidy/languages.ts";
import { checkLevels, levelsOf } from "./tidy/levels.ts";
import { productTree } from "./tidy/product-tree.ts";
import { checkRatchet, ratchetFinds } from "./tidy/ratchet.ts";
import { readSources, type Source } from "./tidy/sources.ts";
import { checkSpecs } from "./tidy/specs.ts";
import { checkTexts } from "./tidy/texts.ts";

/**
 * Everything the house promises that a compiler does not check. Returns complaints, one line each; none = tidy. `write` brings the picture of
 * the house and the numbers that fell up to date.
 */
export function tidy(root: string, write = false): string[] {
  const house = readHouse(root);
  const files = listFiles(root);
  const sources = readSources(root, files);
  return [
    ...checkHouse(root, house),
    ...checkSources(root, house, sources),
    ...checkLanguages(sources),
    ...checkDialect(root, files, sources),
    ...checkDocumentWords(root, files),
    ...checkSpecs(root, files),
    ...checkTexts(root, files),
    ...checkDiagram(root, house, write),
    ...checkCompileSets(
      root,
      files.filter((file) => /\.m?tsx?$/.test(file)),
      house.pure,
    ),
    ...checkTestProjects(
      root,
      files.filter((file) => /\.test\.tsx?$/.test(file)),
    ),
    ...checkKitApi(root, write),
    ...checkRatchet(root, ratchetFinds(root, sources), write),
    ...checkFeatures(root, files, sources, write),
  ];
}

function checkFeatures(root: string, files: readonly string[], sources: readonly Source[], write: boolean): string[] {
  const tree = productTree(root, files, sources);
  return [
    ...checkNeeds(tree.features, sources, tree.tokens),
    ...checkStrangers(tree.features, sources),
    ...checkIds(tree.features),
    ...checkLevels(root, levelsOf(tree), write),
  ];
}

/** Files that git knows or would add. */
export function listFiles(root: string): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

if (import.meta.main) {
  const complaints = tidy(fileURLToPath(new URL("..", import.meta.url)), process.argv.includes("--write"));
  for (const complaint of complaints) console.log(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
