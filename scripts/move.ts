import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { rewrite } from "./move-references.ts";

/** Paths are relative to the root of the repository, with forward slashes, without a slash at the end. */
export interface Moves {
  /** New path of every file that moves. */
  readonly files: ReadonlyMap<string, string>;
  /** New path of every folder that moves as a whole, and of every file that was named. */
  readonly named: ReadonlyMap<string, string>;
}

export interface MoveReport {
  readonly moves: Moves;
  /** New text of every file whose references change, by its new path. */
  readonly rewritten: ReadonlyMap<string, string>;
  /** References that need a person, one line each. */
  readonly unresolved: readonly string[];
}

/** What moving would do; changes nothing. */
export function planMoves(root: string, pairs: readonly (readonly [string, string])[]): MoveReport {
  const all = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((file) => file !== "" && existsSync(join(root, file)));
  const moves = listMoves(root, all, pairs);
  return { moves, ...rewrite(root, all, moves) };
}

function listMoves(root: string, all: readonly string[], pairs: readonly (readonly [string, string])[]): Moves {
  const files = new Map<string, string>();
  const named = new Map<string, string>();
  for (const [from, to] of pairs) {
    const source = posix.normalize(from).replace(/\/$/, "");
    if (!existsSync(join(root, source))) throw new Error(`${source} does not exist`);
    const target = to.endsWith("/") ? posix.join(to, basename(source)) : posix.normalize(to);
    const isFolder = statSync(join(root, source)).isDirectory();
    const moving = isFolder ? all.filter((file) => file.startsWith(`${source}/`)) : [source];
    if (moving.length === 0) throw new Error(`${source} holds no file that git knows`);
    named.set(source, target);
    for (const file of moving) {
      const path = isFolder ? target + file.slice(source.length) : target;
      if (files.has(file)) throw new Error(`${file} is named twice`);
      files.set(file, path);
    }
  }
  const taken = new Set<string>();
  for (const [file, path] of files) {
    if (taken.has(path)) throw new Error(`two files would become ${path}`);
    if (existsSync(join(root, path)) && !files.has(path)) throw new Error(`${file}: ${path} exists`);
    taken.add(path);
  }
  return { files, named };
}

/** Moves the files with `git mv` and writes what changed in them and in everything that refers to them. */
export function applyMoves(root: string, report: MoveReport): void {
  const left = new Set<string>();
  for (const [from, to] of report.moves.files) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    execFileSync("git", ["add", "--intent-to-add", "--", from], { cwd: root });
    execFileSync("git", ["mv", "--", from, to], { cwd: root });
    left.add(dirname(from));
  }
  for (const folder of left) removeEmpty(root, folder);
  for (const [path, text] of report.rewritten) writeFileSync(join(root, path), text);
  const formatter = join(root, "node_modules/oxfmt/bin/oxfmt");
  const sources = [...report.rewritten.keys()].filter((path) => /\.(?:m?tsx?|mjs|css|html)$/.test(path));
  if (existsSync(formatter) && sources.length > 0) execFileSync(process.execPath, [formatter, ...sources], { cwd: root });
}

function removeEmpty(root: string, folder: string): void {
  for (let path = folder; path !== "."; path = dirname(path)) {
    try {
      rmdirSync(join(root, path));
    } catch {
      return; // it holds something else
    }
  }
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const names = process.argv.slice(2).filter((word) => word !== "--dry");
  if (names.length === 0 || names.length % 2 === 1) {
    console.error(
      "usage: node scripts/move.ts [--dry] FROM TO [FROM TO …]     TO is the new path; with a slash at its end, the folder it goes into",
    );
    process.exit(2);
  }
  const pairs = names.flatMap((from, index) => (index % 2 === 0 ? [[from, names[index + 1]!] as const] : []));
  const report = planMoves(root, pairs);
  if (process.argv.includes("--dry")) {
    for (const [from, to] of report.moves.files) console.log(`${from} → ${to}`);
    for (const [path, text] of report.rewritten) console.log(changedLines(root, report.moves, path, text));
  } else {
    applyMoves(root, report);
  }
  for (const line of report.unresolved) console.log(`unresolved: ${line}`);
  console.log(`${report.moves.files.size} moved, ${report.rewritten.size} rewritten, ${report.unresolved.length} unresolved`);
  process.exit(report.unresolved.length === 0 ? 0 : 1);
}

function changedLines(root: string, moves: Moves, path: string, text: string): string {
  const before = [...moves.files].find(([, to]) => to === path)?.[0] ?? path;
  const old = readFileSync(join(root, before), "utf8").split("\n");
  const changes = text
    .split("\n")
    .flatMap((line, index) => (line === old[index] ? [] : [`  - ${old[index]?.trim()}`, `  + ${line.trim()}`]));
  return [relative(root, join(root, path)), ...changes].join("\n");
}
