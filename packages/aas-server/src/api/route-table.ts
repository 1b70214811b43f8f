import type { Handler } from "./route.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A path that exists: what it can do, by method, and the parameters that this URL gives it. */
export interface Found {
  /** As registered, such as `/shells/:aasIdentifier`. */
  readonly path: string;
  readonly handlers: ReadonlyMap<Method, Handler>;
  readonly params: Readonly<Record<string, string>>;
}

interface Node {
  readonly statics: Map<string, Node>;
  parameter?: Node;
  end?: { readonly path: string; readonly names: readonly string[]; readonly handlers: Map<Method, Handler> };
}

/**
 * The routes of one API, shared by every base URL. Four hundred paths under three prefixes are three thousand routes to Fastify, which cost two seconds
 * and fifty megabytes at every start; here they are one tree, made once. Words go before parameters; parameters are never empty.
 */
export class RouteTable {
  readonly #root: Node = { statics: new Map() };

  /** Every path with the methods it knows. */
  readonly paths = new Map<string, readonly Method[]>();

  add(method: Method, path: string, handler: Handler): void {
    const names: string[] = [];
    let node = this.#root;
    for (const segment of path.split("/").slice(1)) {
      if (segment.startsWith(":")) {
        names.push(segment.slice(1));
        node = node.parameter ??= { statics: new Map() };
        continue;
      }
      let next = node.statics.get(segment);
      if (next === undefined) node.statics.set(segment, (next = { statics: new Map() }));
      node = next;
    }
    node.end ??= { path, names, handlers: new Map() };
    if (node.end.handlers.has(method)) throw new Error(`registered twice: ${method} ${path}`);
    node.end.handlers.set(method, handler);
    this.paths.set(path, [...(this.paths.get(path) ?? []), method]);
  }

  /** `segments` are decoded. Undefined = there is no such path. */
  find(segments: readonly string[]): Found | undefined {
    const values: string[] = [];
    const search = (node: Node, depth: number): Node | undefined => {
      if (depth === segments.length) return node.end === undefined ? undefined : node;
      const segment = segments[depth]!;
      const word = node.statics.get(segment);
      const found = word && search(word, depth + 1);
      if (found !== undefined || node.parameter === undefined || segment === "") return found;
      values.push(segment);
      const below = search(node.parameter, depth + 1);
      if (below === undefined) values.pop();
      return below;
    };
    const end = search(this.#root, 0)?.end;
    if (end === undefined) return undefined;
    return { path: end.path, handlers: end.handlers, params: Object.fromEntries(end.names.map((name, index) => [name, values[index]!])) };
  }
}
