import { spawnSync } from "node:child_process";
import { join, relative, sep } from "node:path";

/** The configurations that `npm run check` compiles. Every source belongs to exactly one of them. */
export const compileSets = ["tsconfig.pure.json", "tsconfig.json", "tsconfig.studio.json", "tsconfig.studio-tests.json"] as const;
export type CompileSet = (typeof compileSets)[number];

/** Sources that no compile set holds, or several; and sources in another set than the one for their kind of room. */
export function checkCompileSets(root: string, sources: readonly string[], pureRooms: readonly string[]): string[] {
  const setsOf = new Map<string, CompileSet[]>();
  for (const set of compileSets) for (const file of filesOfSet(root, set)) setsOf.set(file, [...(setsOf.get(file) ?? []), set]);
  const complaints: string[] = [];
  for (const file of sources) {
    const sets = setsOf.get(file) ?? [];
    const wanted = compileSetFor(file, pureRooms);
    if (sets.length !== 1 || sets[0] !== wanted)
      complaints.push(`${file}: compiled by ${sets.join(" and ") || "no tsconfig"}; its place asks for ${wanted} alone`);
  }
  return complaints;
}

/** Where code of the studio stands. */
const STUDIO = [
  /^packages\/(?:studio|ui)\/src\//,
  /^packages\/kit\/src\/studio\//,
  /^features\/[^/]+\/studio\//,
  /^(?:apps|packs)\/[^/]+\/src\/studio\//,
  // what authors of packs begin with
  /^packages\/server\/src\/packs\/skeleton\/studio\//,
];

/** The set that the place of a file asks for. */
export function compileSetFor(file: string, pureRooms: readonly string[]): CompileSet {
  const isTest = /\.(?:test|fixture)\.tsx?$/.test(file);
  if (STUDIO.some((place) => place.test(file))) return isTest ? "tsconfig.studio-tests.json" : "tsconfig.studio.json";
  return isPure(file, pureRooms) && !isTest ? "tsconfig.pure.json" : "tsconfig.json";
}

/** Whether a file lies where nothing may know a clock, chance, network, file, Node or the DOM. */
export function isPure(file: string, pureRooms: readonly string[]): boolean {
  const [area, room, ...rest] = file.split("/") as [string, string, ...string[]];
  if (file === "pure.d.ts") return true;
  // rest begins with src
  if (area === "packs") return rest[1] !== "server" && rest[1] !== "studio";
  if (area === "packages") return pureRooms.includes(room) && !(room === "kit" && (rest[1] === "server" || rest[1] === "studio"));
  return area === "features" && room !== undefined && (rest.length === 1 || ["model", "folds", "jobs", "message-codes"].includes(rest[0]!));
}

function filesOfSet(root: string, set: CompileSet): string[] {
  const compiler = new URL("../../node_modules/typescript/bin/tsc", import.meta.url).pathname;
  const { stdout, status } = spawnSync(process.execPath, [compiler, "-p", set, "--showConfig"], { cwd: root, encoding: "utf8" });
  if (status !== 0) {
    // a repository without a single file of a kind is no mistake
    if (stdout.includes("TS18003")) return [];
    throw new Error(`${set}: ${stdout}`);
  }
  return (JSON.parse(stdout) as { readonly files?: readonly string[] }).files?.map((file) => file.replace(/^\.\//, "")) ?? [];
}

/** Test files that no vitest project runs, or several. */
export function checkTestProjects(root: string, tests: readonly string[]): string[] {
  const runner = join(root, "node_modules/vitest/vitest.mjs");
  const { stdout, stderr, status } = spawnSync(process.execPath, [runner, "list", "--filesOnly", "--json"], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`vitest list: ${stderr}`);
  const listed = JSON.parse(stdout.slice(stdout.indexOf("["))) as readonly { readonly file: string; readonly projectName: string }[];
  return projectComplaints(
    tests,
    listed.map(({ file, projectName }) => ({ file: relative(root, file).split(sep).join("/"), projectName })),
  );
}

export function projectComplaints(
  tests: readonly string[],
  listed: readonly { readonly file: string; readonly projectName: string }[],
): string[] {
  const projectsOf = Map.groupBy(listed, ({ file }) => file);
  return tests.flatMap((file) => {
    const projects = (projectsOf.get(file) ?? []).map(({ projectName }) => projectName);
    return projects.length === 1 ? [] : [`${file}: run by ${projects.join(" and ") || "no project"} of vitest.config.ts`];
  });
}
