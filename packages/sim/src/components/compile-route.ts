import type { FlowRoute } from "./flow-model.ts";

export const DIRECT = 0;
export const BY_CHANCE = 1;
export const BY_PRODUCT = 2;
export const BY_FIRST = 3;
export const BY_SHORTEST = 4;
export const BY_TURN = 5;

/** A route made ready: `targets` are nodes, `links` their places in the list of targets of the node that gives. */
export interface Route {
  readonly index: number;
  readonly kind: number;
  readonly targets: readonly number[];
  links: readonly number[];
  readonly cumulative: readonly number[];
  /** Product → choice. */
  readonly byProduct: readonly number[];
  readonly stream: number;
}

/** Components that a route names. */
export function targetsOf(route: FlowRoute): readonly string[] {
  if (typeof route === "string") return [route];
  if (isChances(route)) return route.map((entry) => entry.to);
  if (route.by === "product") return [...Object.values(route.map), ...(route.else === undefined ? [] : [route.else])];
  return route.among;
}

function isChances(route: Exclude<FlowRoute, string>): route is readonly { readonly to: string; readonly probability?: number }[] {
  return Array.isArray(route);
}

export function compileRoute(
  route: FlowRoute,
  index: number,
  nodeOf: (id: string) => number,
  products: readonly string[],
  stream: number,
): Route {
  if (typeof route === "string") return directRoute(index, nodeOf(route), stream);
  const base = directRoute(index, -1, stream);
  if (isChances(route)) {
    const given = route.reduce((sum, entry) => sum + (entry.probability ?? 0), 0);
    let below = 0;
    const cumulative = route.map((entry) => (below += entry.probability ?? Math.max(0, 1 - given)));
    return { ...base, kind: BY_CHANCE, targets: route.map((entry) => nodeOf(entry.to)), cumulative };
  }
  if (route.by === "product") {
    const targets = targetsOf(route).map(nodeOf);
    const keys = Object.keys(route.map);
    return {
      ...base,
      kind: BY_PRODUCT,
      targets,
      byProduct: products.map((product) => {
        const at = keys.indexOf(product);
        return at >= 0 ? at : route.else === undefined ? -1 : keys.length;
      }),
    };
  }
  const kind = route.by === "first" ? BY_FIRST : route.by === "shortest" ? BY_SHORTEST : BY_TURN;
  return { ...base, kind, targets: route.among.map(nodeOf) };
}

/** A route with one target: also the shape that every route has, so that the run reads them at fixed places. */
export function directRoute(index: number, target: number, stream: number): Route {
  return { index, kind: DIRECT, targets: [target], links: [0], cumulative: [], byProduct: [], stream };
}
