import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { checkCompileSets, checkTestProjects, isPure } from "./file-sets.ts";

/** `house.json`: floors from the ground, permitted arrows, pure rooms. */
interface House {
  readonly floors: Readonly<Record<string, readonly string[]>>;
  readonly arrows: Readonly<Record<string, readonly string[]>>;
  readonly pure: readonly string[];
}

/** Everything the house promises that a compiler does not check. Returns complaints, one line each; none = tidy. */
export function tidy(root: string): string[] {
  const house = JSON.parse(readFileSync(join(root, "house.json"), "utf8")) as House;
  const files = listFiles(root);
  return [
    ...checkHouse(root, house),
    ...checkSources(root, house),
    ...checkSpecs(root),
    ...checkTexts(root, files),
    ...checkDiagram(root, house),
    ...checkCompileSets(
      root,
      files.filter((file) => /\.m?tsx?$/.test(file)),
      house.pure,
    ),
    ...checkTestProjects(
      root,
      files.filter((file) => /\.test\.tsx?$/.test(file)),
    ),
  ];
}

/** Files that git knows or would add. */
function listFiles(root: string): string[] {
  return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .trim()
    .split("\n")
    .filter((file) => existsSync(join(root, file)))
    .sort();
}

function checkHouse(root: string, house: House): string[] {
  const floorOf = new Map(Object.entries(house.floors).flatMap(([floor, rooms]) => rooms.map((room) => [room, Number(floor)] as const)));
  const complaints: string[] = [];
  for (const room of globSync("packages/*/package.json", { cwd: root }).map((manifest) => manifest.split(sep)[1]!))
    if (!floorOf.has(room) || house.arrows[room] === undefined) complaints.push(`house.json: packages/${room} has no floor or no arrows`);
  for (const [room, targets] of Object.entries(house.arrows)) {
    for (const target of targets) {
      if (floorOf.get(target)! >= floorOf.get(room)!) complaints.push(`house.json: ${room} → ${target} does not point to a lower floor`);
    }
  }
  return complaints;
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^"';]*?from\s*["']([^"']+)["']|(?:^|\n)\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
const impure: readonly (readonly [RegExp, string])[] = [
  [/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/, "reads the clock; take a Clock"],
  [/\bMath\.random\b|\bcrypto\.(?:getRandomValues|randomUUID)\b/, "draws chance; take an Rng or IdSource"],
  [/\bsetTimeout\b|\bsetInterval\b|\bqueueMicrotask\b/, "waits by itself; be told the time"],
  [/\bconsole\.|\bprocess\.|(?<![.\w])fetch\(|(?<![.\w])document\.|(?<![.\w])window\./, "touches the outside world"],
];
const grabBag = /^(utils?|helpers?|common|types|misc|manager|service)\.tsx?$/;

function checkSources(root: string, house: House): string[] {
  const complaints: string[] = [];
  const files = globSync(["packages/*/src/**/*.{ts,tsx}", "packs/*/src/**/*.ts", "examples/*/src/**/*.ts"], { cwd: root }).filter(
    (file) => !file.endsWith(".d.ts"),
  );
  for (const file of files.sort()) {
    const [area, room] = file.split(sep) as [string, string];
    const text = readFileSync(join(root, file), "utf8");
    const isTest = /\.(test|fuzz|bench|contract|fixture)\.tsx?$/.test(file) || file.includes(`${sep}fixtures${sep}`);
    const pure = isPure(file.split(sep).join("/"), house.pure);
    if (grabBag.test(basename(file))) complaints.push(`${file}: a grab-bag name; name the file after its noun`);
    for (const target of importsOf(text)) complaints.push(...checkImport(root, house, { file, area, room, isTest, pure, target }));
    if (pure && !isTest) {
      const code = withoutComments(text);
      for (const [pattern, why] of impure) if (pattern.test(code)) complaints.push(`${file}: ${why} (${pattern.exec(code)![0]})`);
    }
    if (area === "packages" && !isTest && room !== "server" && /\bprocess\.env\b/.test(withoutComments(text)))
      complaints.push(`${file}: only server reads the environment`);
    if (
      area === "packages" &&
      room === "server" &&
      !isTest &&
      !file.includes(`${sep}compose${sep}`) &&
      !file.includes(`${sep}command${sep}`) &&
      /import type \{[^}]*\bWorld\b[^}]*\} from "@doppelwerk\/world"/.test(text)
    ) {
      complaints.push(`${file}: only compose holds a raw World; take a WorldView`);
    }
  }
  return complaints;
}

function importsOf(text: string): string[] {
  return [...text.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

interface ImportSite {
  readonly file: string;
  readonly area: string;
  readonly room: string;
  readonly isTest: boolean;
  readonly pure: boolean;
  readonly target: string;
}

function checkImport(root: string, house: House, site: ImportSite): string[] {
  const { file, area, room, isTest, pure, target } = site;
  if (target.startsWith(".")) {
    const reached = relative(root, resolve(root, dirname(file), target))
      .split(sep)
      .slice(0, 2)
      .join("/");
    return reached === `${area}/${room}` || isTest ? [] : [`${file}: reaches into ${reached} by a relative path`];
  }
  if (target.startsWith("node:")) return pure && !isTest ? [`${file}: a pure room imports ${target}`] : [];
  const packageName = target.startsWith("@") ? target.split("/").slice(0, 2).join("/") : target.split("/")[0]!;
  if (packageName.startsWith("@doppelwerk/")) {
    const other = packageName.slice("@doppelwerk/".length);
    if (
      area === "packages" &&
      other !== room &&
      !house.arrows[room]?.includes(other) &&
      !(other.startsWith("pack-") && (room === "server" || room === "studio"))
    ) {
      return isTest ? [] : [`${file}: ${room} → ${other} is not an arrow of house.json`];
    }
    if (area === "packs" && other !== "kit") return [`${file}: a pack imports only @doppelwerk/kit, not ${packageName}`];
    return area === "packages" && other === "demo-plant" ? [`${file}: the product never imports the demo plant`] : [];
  }
  const manifest = JSON.parse(readFileSync(join(root, area, room, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
  };
  const declared = { ...manifest.dependencies, ...manifest.devDependencies };
  if (isTest) {
    const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { devDependencies: Record<string, string> };
    Object.assign(declared, rootManifest.devDependencies);
  }
  return packageName in declared ? [] : [`${file}: ${packageName} is not declared in ${area}/${room}/package.json`];
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[^:"'`])\/\/[^\n]*/g, "$1");
}

/** Every numbered rule of a SPEC.md has an id of its own and a test whose title carries it. */
function checkSpecs(root: string): string[] {
  const complaints: string[] = [];
  for (const spec of globSync(["packages/*/SPEC.md", "packs/*/SPEC.md", "examples/*/SPEC.md"], { cwd: root }).sort()) {
    const ids = new Set<string>();
    for (const [, id] of readFileSync(join(root, spec), "utf8").matchAll(/^- \*\*([A-Z]{1,3}\d+)\*\*/gm)) {
      if (ids.has(id!)) complaints.push(`${spec}: two rules are called ${id}`);
      ids.add(id!);
    }
    const tests = globSync(`${dirname(spec)}/src/**/*.{test,fuzz,contract}.{ts,tsx}`, { cwd: root }).concat(
      globSync("e2e/**/*.test.ts", { cwd: root }),
    );
    const titled = new Set(
      tests.flatMap((file) => [...readFileSync(join(root, file), "utf8").matchAll(/\[([A-Z]{1,3}\d+)\]/g)].map((match) => match[1]!)),
    );
    for (const id of ids) if (!titled.has(id)) complaints.push(`${spec}: rule ${id} has no test that carries its id`);
  }
  return complaints;
}

const forbiddenTexts: readonly (readonly [RegExp, string])[] = [
  [/\bFIXME\b|\bXXX\b/, "left-over marker"],
  [/["'`( ]\/work\/|\/root\//, "a path of one machine"],
  [/registry\.npmjs|_authToken/, "a registry host or token"],
];

function checkTexts(root: string, files: readonly string[]): string[] {
  const complaints: string[] = [];
  for (const file of files) {
    if (!/\.(ts|tsx|mjs|md|json|css|html)$/.test(file) || file === "package-lock.json" || file === "scripts/tidy.ts") continue;
    const text = readFileSync(join(root, file), "utf8");
    for (const [pattern, why] of forbiddenTexts)
      if (pattern.test(text)) complaints.push(`${file}: ${why} (${pattern.exec(text)![0].trim()})`);
    if (file.endsWith(".md") && (withoutCode(text).match(/^# /gm)?.length ?? 0) !== 1)
      complaints.push(`${file}: a page has exactly one title`);
  }
  return complaints;
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, "");
}

/** The picture of the house in docs/ARCHITECTURE.md is made from house.json. */
export function houseDiagram(house: House): string {
  const lines = Object.entries(house.floors)
    .sort(([a], [b]) => Number(b) - Number(a))
    .map(([floor, rooms]) => `${floor}  ${rooms.map((room) => `${room}${house.pure.includes(room) ? "°" : ""}`).join("   ")}`);
  const arrows = Object.entries(house.arrows).map(([room, targets]) => `${room.padEnd(11)}→ ${targets.join(" ") || "nothing"}`);
  return ["```", ...lines, "", "° pure: no clock, chance, network, file, Node, DOM", "", ...arrows, "```"].join("\n");
}

const diagramPattern = /<!-- house -->\n[\s\S]*?<!-- \/house -->/;

function checkDiagram(root: string, house: House): string[] {
  const path = join(root, "docs/ARCHITECTURE.md");
  if (!existsSync(path)) return ["docs/ARCHITECTURE.md is missing"];
  const wanted = `<!-- house -->\n${houseDiagram(house)}\n<!-- /house -->`;
  const text = readFileSync(path, "utf8");
  if (process.argv.includes("--write"))
    writeFileSync(
      path,
      text.replace(diagramPattern, () => wanted),
    );
  else if (!text.includes(wanted)) return ["docs/ARCHITECTURE.md: the picture differs from house.json; run node scripts/tidy.ts --write"];
  return [];
}

if (import.meta.main) {
  const complaints = tidy(fileURLToPath(new URL("..", import.meta.url)));
  for (const complaint of complaints) console.log(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
