import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { join } from "node:path";
import { parseSource, walk, type SyntaxNode } from "../syntax.ts";

/** What runs a server, and what it shows. */
const SHIPPED = [
  /^LICENSE$/,
  /^SECURITY\.md$/,
  /^docs\/(?:guide|pictures|controls)\//,
  /^scripts\/server-process\.mjs$/,
  /^(?:features|apps\/doppelwerk|packs\/discrete-line|packages\/(?!studio\/|ui\/)[^/]+)\/package\.json$/,
  /^packages\/[^/]+\/(?:src|words)\//,
  /^packages\/kit\/tsconfig\.pack\.json$/,
  /^features\/[^/]+\//,
  /^packs\/discrete-line\/(?:src|words)\//,
  /^apps\/doppelwerk\/src\/(?:main|features|commands)\.ts$/,
];

/** What builds, tests and describes it, and what only the studio's bundle has. */
const LEFT_OUT = [
  /\.(?:test|fixture|contract)\.tsx?$/,
  /\/fixtures\//,
  /\/(?:README|SPEC)\.md$/,
  /^packages\/connectors\/.*\/(?:test|bench)-[\w-]+\.(?:ts|c)$/,
  /\/samples-of-tests\//,
  /^features\/[^/]+\/(?:studio|bench)\//,
  /^packages\/(?:studio|ui)\//,
  /^packages\/kit\/src\/(?:studio\/|testing\.ts$)/,
];

/** What a pack of one's own is begun from, with its tests. */
const SKELETON = /^packages\/server\/src\/packs\/skeleton\//;

/** Paths of the files of the repository that are shipped, sorted. Only what git knows is: what lies about in a work tree is in no package. */
export function shippedFiles(root: string): readonly string[] {
  const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return tracked
    .split("\0")
    .filter((path) => SHIPPED.some((each) => each.test(path)) && (SKELETON.test(path) || !LEFT_OUT.some((each) => each.test(path))))
    .sort();
}

/** What the shipped code imports. */
export interface Imports {
  /** Packages of npm by the workspace that imports them. */
  readonly packages: ReadonlyMap<string, ReadonlySet<string>>;
  /** Relative imports of files that are not shipped, a line each. */
  readonly broken: readonly string[];
}

/** Every import that runs, of every shipped file but those that a pack begins with. */
export function importsOf(root: string, files: readonly string[]): Imports {
  const shipped = new Set(files);
  const packages = new Map<string, Set<string>>();
  const broken: string[] = [];
  for (const file of files.filter((path) => /\.(?:ts|mjs)$/.test(path) && !SKELETON.test(path)))
    for (const name of importedBy(file, readFileSync(join(root, file), "utf8"))) {
      if (name.startsWith(".")) {
        const path = posix.join(posix.dirname(file), name);
        if (!shipped.has(path)) broken.push(`${file} imports ${path}, which is not shipped`);
      } else if (!name.startsWith("node:")) {
        const workspace = workspaceOf(file);
        packages.set(workspace, (packages.get(workspace) ?? new Set()).add(packageOf(name)));
      }
    }
  return { packages, broken };
}

function importedBy(file: string, text: string): readonly string[] {
  const names: string[] = [];
  walk(parseSource(file, text), (node) => {
    const name = importedIn(node);
    if (name !== undefined) names.push(name);
  });
  return names;
}

function importedIn(node: SyntaxNode): string | undefined {
  if (/^(?:Import|ExportNamed|ExportAll)Declaration$/.test(node.type))
    return (node["importKind"] ?? node["exportKind"]) === "type" ? undefined : textOf(node["source"]);
  if (node.type === "ImportExpression") return textOf(node["source"]);
  if (node.type !== "CallExpression") return undefined;
  // import.meta.resolve("name") and createRequire(…)("name")
  const callee = node["callee"] as SyntaxNode;
  const resolves = callee.type === "MemberExpression" && (callee["object"] as SyntaxNode).type === "MetaProperty";
  const requires = callee.type === "CallExpression" && (callee["callee"] as SyntaxNode)["name"] === "createRequire";
  return resolves || requires ? textOf((node["arguments"] as readonly unknown[])[0]) : undefined;
}

function textOf(node: unknown): string | undefined {
  const value = (node as { readonly value?: unknown } | null | undefined)?.value;
  return typeof value === "string" ? value : undefined;
}

function workspaceOf(file: string): string {
  return file.startsWith("features/") ? "features" : file.split("/").slice(0, 2).join("/");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
