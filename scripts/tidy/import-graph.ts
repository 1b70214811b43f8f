import { posix } from "node:path";
import { Exports } from "../package-exports.ts";
import type { Source } from "./sources.ts";

/** Arrows between things that are named by a text. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Which file loads which when it is loaded: imports of types and lazy ones do not count. Tests are left out. */
export function runTimeGraph(root: string, sources: readonly Source[]): Graph {
  return fileGraph(root, sources, (found) => !found.isTypeOnly && !found.isLazy);
}

/** Which folder of a room needs which, types included: `packages/server/src/history`, `features/alarms/model`. */
export function folderGraph(root: string, sources: readonly Source[]): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [file, targets] of fileGraph(root, sources, (found) => !found.isLazy)) {
    const from = folderOf(file);
    for (const target of targets) {
      const to = folderOf(target);
      if (from === undefined || to === undefined || from === to) continue;
      if (!graph.has(from)) graph.set(from, new Set());
      graph.get(from)!.add(to);
    }
  }
  return graph;
}

function fileGraph(root: string, sources: readonly Source[], counts: (found: Source["imports"][number]) => boolean): Graph {
  const product = sources.filter(({ isTest }) => !isTest);
  const known = new Set(product.map(({ file }) => file));
  const exports = new Exports(root, packageManifests(product));
  return new Map(
    product.map(({ file, imports }) => {
      const targets = imports.filter(counts).flatMap(({ specifier }) => {
        const target = specifier.startsWith(".") ? posix.join(posix.dirname(file), specifier) : exports.fileOf(specifier);
        return target !== undefined && known.has(target) ? [target] : [];
      });
      return [file, new Set(targets)];
    }),
  );
}

function packageManifests(sources: readonly Source[]): string[] {
  const rooms = sources.map(({ file }) => /^features(?=\/)|^(?:packages|packs|examples|apps)\/[^/]+/.exec(file)?.[0]);
  return [...new Set(rooms)].flatMap((room) => (room === undefined ? [] : [`${room}/package.json`]));
}

/** The folder that is one thing to a reader: below a package's `src`, below a feature. Files directly in there are no folder. */
function folderOf(file: string): string | undefined {
  const parts = file.split("/");
  const depth = parts[0] === "features" ? 3 : 4;
  return parts.length > depth ? parts.slice(0, depth).join("/") : undefined;
}

/** Groups of more than one in which everything reaches everything else, each sorted, largest first. */
export function cycles(graph: Graph): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  // Tarjan's algorithm; the depth is that of the longest chain of imports, which a stack holds
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const target of graph.get(node) ?? []) {
      if (!index.has(target)) {
        visit(target);
        low.set(node, Math.min(low.get(node)!, low.get(target)!));
      } else if (stack.includes(target)) low.set(node, Math.min(low.get(node)!, index.get(target)!));
    }
    if (low.get(node) !== index.get(node)) return;
    const group = stack.splice(stack.indexOf(node));
    if (group.length > 1) found.push(group.sort());
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found.sort((a, b) => b.length - a.length);
}
