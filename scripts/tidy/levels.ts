import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FeatureOptions } from "@doppelwerk/kit";
import { checkIds, checkNeeds, type Tokens } from "./features.ts";
import { cycles, folderGraph } from "./import-graph.ts";
import { MAX_FILE_LINES, MAX_FUNCTION_LINES } from "./ratchet.ts";
import type { Source } from "./sources.ts";
import { checkSpecs } from "./specs.ts";

const LEVELS = ["none", "bronze", "silver", "gold"] as const;
type Level = (typeof LEVELS)[number];

export interface Judged {
  readonly id: string;
  readonly level: Level;
  /** What keeps it from the next level, one line each. */
  readonly missing: readonly string[];
}

/** What the rules look at. Paths are relative to the root. */
export interface Tree {
  readonly root: string;
  readonly files: readonly string[];
  readonly sources: readonly Source[];
  readonly features: readonly FeatureOptions[];
  readonly tokens: Tokens;
  /** What is wrong with the catalogues of messages. */
  readonly messages: readonly string[];
}

const MAX_README_LINES = 60;

/** The level of each feature, by rules that a machine can check in the tree and the manifests. */
export function levelsOf(tree: Tree): Judged[] {
  const complaints = [
    ...checkNeeds(tree.features, tree.sources, tree.tokens),
    ...checkIds(tree.features),
    ...checkSpecs(tree.root, tree.files),
    ...tree.messages,
    ...cycles(folderGraph(tree.root, tree.sources)).flatMap((folders) => folders.map((folder) => `${folder}/: is in a cycle of folders`)),
  ];
  return tree.features.map((feature) => {
    const own = complaints.filter((line) => line.startsWith(`features/${feature.id}/`));
    const wanting = [[...own, ...bronze(tree, feature)], silver(tree, feature), gold(tree, feature)];
    const reached = wanting.findIndex((missing) => missing.length > 0);
    return { id: feature.id, level: LEVELS[reached < 0 ? 3 : reached]!, missing: reached < 0 ? [] : wanting[reached]! };
  });
}

function bronze(tree: Tree, feature: FeatureOptions): string[] {
  const path = `features/${feature.id}`;
  const own = tree.sources.filter(({ file }) => file.startsWith(`${path}/`));
  return [
    ...["README.md", "SPEC.md"].filter((name) => !existsSync(join(tree.root, path, name))).map((name) => `${path}/${name} is missing`),
    ...(linesIn(tree, `${path}/README.md`) > MAX_README_LINES
      ? [`${path}/README.md is longer than a page of ${MAX_README_LINES} lines`]
      : []),
    ...own.filter(({ text }) => text.split("\n").length - 1 > MAX_FILE_LINES).map(({ file }) => `${file} has over ${MAX_FILE_LINES} lines`),
    ...own
      .filter(({ isTest }) => !isTest)
      .flatMap(({ file, functions }) =>
        functions
          .filter(({ lines }) => lines > MAX_FUNCTION_LINES)
          .map(({ line, lines }) => `${file}:${line} is a function of ${lines} lines`),
      ),
    ...feature.contract
      .filter(({ answer }) => isAnything(answer))
      .map(({ id }) => `${path}/contract.ts: the answer of ${id} may be anything`),
    ...feature.topics
      .filter(({ payload }) => isAnything(payload))
      .map(({ id }) => `${path}/contract.ts: the payload of ${id} may be anything`),
    ...(/^- \*\*[A-Z]/m.test(textOf(tree, `${path}/SPEC.md`)) ? [] : [`${path}/SPEC.md has no numbered rule`]),
  ];
}

function silver(tree: Tree, feature: FeatureOptions): string[] {
  return [
    ...fixturesMissing(tree, feature),
    ...withoutTest(tree, feature, "faults", "what throws while it opens, in a handler or a fold is fenced and named"),
    ...withoutTest(tree, feature, "bounded", "its queues are bounded and what they drop is shown"),
    ...(feature.folds.length === 0
      ? []
      : withoutTest(tree, feature, "fold", "cut of batches, workers, live, past and branch give the same")),
    ...(feature.views === undefined ? [] : withoutTest(tree, feature, "views", "loading, empty, flood, error; keyboard, axe, 390 px")),
  ];
}

function gold(tree: Tree, feature: FeatureOptions): string[] {
  const keys = new Set([...feature.offers.ports, ...feature.offers.slots].map(({ key }) => key));
  const isUsed = tree.features.some(
    ({ id, needs }) => id !== feature.id && [...needs.ports, ...needs.may, ...(needs.slots ?? [])].some(({ key }) => keys.has(key)),
  );
  const guides = tree.files.filter((file) => file.startsWith("docs/guide/")).map((file) => textOf(tree, file));
  return [
    ...withoutTest(tree, feature, "whole", "it works on a branch, in the past and in a simulated future"),
    ...withoutTest(tree, feature, "audit", "its figures are recomputed independently"),
    ...(feature.kinds.length === 0 ? [] : withoutTest(tree, feature, "round trip", "its kinds go through AAS export and import")),
    ...(guides.some((text) => text.includes(`features/${feature.id}/`)) ? [] : [`no page of docs/guide shows features/${feature.id}/`]),
    ...(isUsed ? [] : ["no other feature uses a port or slot of it"]),
    ...(feature.contract.some(({ tool, route }) => tool !== undefined || !route.startsWith("GET ")) ? toolMissing(feature) : []),
  ];
}

function toolMissing({ contract }: FeatureOptions): string[] {
  const reads = contract.some(({ route }) => route.startsWith("GET "));
  return !reads || contract.some(({ tool }) => tool !== undefined) ? [] : ["no operation of it is a tool of the assistant"];
}

/** A rule that only a test can show is shown by one whose title carries `[level: RULE]`. */
function withoutTest({ sources }: Tree, { id }: FeatureOptions, rule: string, what: string): string[] {
  const isShown = sources.some(
    ({ file, text }) => file.startsWith(`features/${id}/`) && /\.test\.tsx?$/.test(file) && text.includes(`[level: ${rule}]`),
  );
  return isShown ? [] : [`no test carries [level: ${rule}]: ${what}`];
}

/** Every version of what it keeps has a stored example. */
function fixturesMissing({ root }: Tree, feature: FeatureOptions): string[] {
  const versions = [
    ...feature.kinds.map(({ id, version }) => ({ name: id, version })),
    ...(feature.settings ? [{ name: "settings", version: feature.settings.version }] : []),
  ];
  return versions.flatMap(({ name, version }) =>
    Array.from({ length: version }, (_, at) => `features/${feature.id}/fixtures/${name}-v${at + 1}.json`)
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${path} is missing`),
  );
}

function isAnything(shape: unknown): boolean {
  const kind = (shape as { readonly def?: { readonly type?: string } } | undefined)?.def?.type;
  return kind === "any" || kind === "unknown";
}

function textOf({ root }: Tree, file: string): string {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : "";
}

function linesIn(tree: Tree, file: string): number {
  return textOf(tree, file).split("\n").length - 1;
}

/** No level falls below the one recorded in `ratchet.json`; one that rose has to be recorded. `write` records those that rose. */
export function checkLevels(root: string, judged: readonly Judged[], write: boolean): string[] {
  const path = join(root, "ratchet.json");
  const ratchet = JSON.parse(readFileSync(path, "utf8")) as { readonly levels?: Readonly<Record<string, Level>> };
  const recorded = ratchet.levels ?? {};
  const levels: Record<string, Level> = {};
  const complaints: string[] = [];
  for (const { id, level, missing } of judged) {
    const before = recorded[id] ?? "none";
    levels[id] = level;
    if (LEVELS.indexOf(level) < LEVELS.indexOf(before)) {
      complaints.push(`ratchet.json: the level of ${id} fell from ${before} to ${level}:`, ...missing.map((line) => `  ${line}`));
      levels[id] = before;
    } else if (level !== before && !write)
      complaints.push(`ratchet.json: the level of ${id} rose from ${before} to ${level}; record it: node scripts/tidy.ts --write`);
  }
  if (write)
    writeFileSync(path, `${JSON.stringify({ ...ratchet, levels: Object.fromEntries(Object.entries(levels).toSorted()) }, null, 2)}\n`);
  return complaints;
}
