import { streamOf } from "../random/philox.ts";
import { addComponent } from "./compile-component.ts";
import { compileFluids } from "./compile-fluids.ts";
import { compileRobots } from "./compile-robots.ts";
import { DIRECT, type Route, compileRoute } from "./compile-route.ts";
import { ALONE, BUFFER, type CompiledFlow, FIFO, PORT, ROBOT, SINK, STATION } from "./compiled-flow.ts";
import type { ComponentDefinition } from "./component-definition.ts";
import { FlowDraft, type NodeDraft, required } from "./flow-draft.ts";
import type { FlowModel, FlowRoute, FlowStation, FlowUnpack } from "./flow-model.ts";

/** Turns a valid model into tables. Throws on names it uses and does not have (`validateFlowModel` tells before). */
export function compileFlow(model: FlowModel, definitions: readonly ComponentDefinition[] = []): CompiledFlow {
  const draft = new FlowDraft(model);
  model.components.forEach((_, index) => addComponent(draft, index, definitions));
  const { nodes, products } = draft;
  const routes = addRoutes(draft);
  const links = linkNodes(nodes);
  const limits = addLimits(draft);
  for (const node of nodes) nameShortWays(node, nodes);
  const placeNode = new Int32Array(draft.places);
  for (const node of nodes) placeNode.fill(node.index, node.firstPlace, node.firstPlace + node.places);
  return {
    model,
    nodes,
    nodesOfComponent: draft.nodesOfComponent,
    placeNode,
    placeRobot: Uint8Array.from(placeNode, (node) => (nodes[node]!.kind === ROBOT ? 1 : 0)),
    products,
    productPriority: products.map((id) => model.products?.find((product) => product.id === id)?.priority ?? 0),
    routes,
    ...links,
    stops: draft.stops,
    calendars: draft.calendars,
    groups: draft.groups,
    limits,
    network: draft.network,
    fluids: compileFluids(model, (source) => nodes.findIndex((node) => node.id === source)),
    robots: compileRobots(model),
    columns: draft.columns,
  };
}

/** The ways out of every node. */
function addRoutes(draft: FlowDraft): Route[] {
  const { model, products, network } = draft;
  const nodeOf = (id: string): number => draft.nodeOf(id);
  const routes: Route[] = [];
  const routeOf = (route: FlowRoute, owner: string): Route => {
    const compiled = compileRoute(route, routes.length, nodeOf, products, streamOf(owner, `route ${routes.length}`));
    routes.push(compiled);
    return compiled;
  };
  for (const node of draft.nodes) {
    const component = model.components[node.component]!;
    if (node.route !== undefined) {
      const own = { ...node.route, index: routes.length };
      routes.push(own);
      node.route = own;
    } else if (node.kind !== SINK && node.kind !== PORT && "to" in component && component.to !== undefined)
      node.route = routeOf(component.to as FlowRoute, node.id);
    if (node.kind === STATION) addRoutesOfWork(draft, node, component as FlowStation | FlowUnpack, routeOf);
    if (component.type === "robot")
      node.points = new Map(Object.entries(component.positions).map(([target, position]) => [nodeOf(target), draft.positionOf(position)]));
    if (component.type === "transport")
      node.points = new Map(Object.entries(component.points).map(([target, point]) => [nodeOf(target), network.points.indexOf(point)]));
  }
  return routes;
}

/** Ways of what is rejected, of a container and of the parts of an item. */
function addRoutesOfWork(
  draft: FlowDraft,
  node: NodeDraft,
  working: FlowStation | FlowUnpack,
  routeOf: (route: FlowRoute, owner: string) => Route,
): void {
  if (working.inspection?.to !== undefined) node.reject = routeOf(working.inspection.to, `${node.id} reject`);
  if ("containerTo" in working && working.containerTo !== undefined) node.container = routeOf(working.containerTo, `${node.id} container`);
  if ("parts" in working && working.parts !== undefined)
    node.parts = working.parts.map((part, index) => ({
      product: draft.productOf(part.product),
      count: part.count ?? 1,
      route: routeOf(part.to, `${node.id} part ${index}`),
    }));
}

/** A link is a place and a node that it may give to. */
function linkNodes(nodes: readonly NodeDraft[]): Pick<CompiledFlow, "linkTarget" | "linkPlace"> {
  const linkTarget: number[] = [];
  const linkPlace: number[] = [];
  for (const node of nodes) {
    const own = [node.route, node.reject, node.container, ...node.parts.map((part) => part.route)].filter((route) => route !== undefined);
    node.targets = [...new Set(own.flatMap((route) => route.targets))];
    const position = new Map(node.targets.map((target, at) => [target, at]));
    for (const route of own) route.links = route.targets.map((target) => position.get(target)!);
    node.firstLink = linkTarget.length;
    for (let place = 0; place < node.places; place++)
      for (const target of node.targets) {
        linkTarget.push(target);
        linkPlace.push(node.firstPlace + place);
      }
  }
  return { linkTarget: Int32Array.from(linkTarget), linkPlace: Int32Array.from(linkPlace) };
}

function addLimits(draft: FlowDraft): CompiledFlow["limits"] {
  const { model, nodes } = draft;
  const limits = (model.limits ?? []).map((limit) => ({
    id: limit.id,
    count: limit.count,
    from: draft.nodeOf(limit.from),
    to: required(
      nodes.findLastIndex((node) => model.components[node.component]!.id === limit.to),
      `component ${limit.to}`,
    ),
  }));
  limits.forEach((limit, index) => {
    nodes[limit.from]!.limitsIn = [...nodes[limit.from]!.limitsIn, index];
    nodes[limit.to]!.limitsOut = [...nodes[limit.to]!.limitsOut, index];
  });
  return limits;
}

/** Where the short ways of transfer.ts hold: what they leave out could not act there. */
function nameShortWays(node: NodeDraft, nodes: readonly NodeDraft[]): void {
  if (node.route?.kind !== DIRECT) return;
  const target = nodes[node.route.targets[0]!]!;
  if (node.limitsOut.length === 0 && target.limitsIn.length === 0) node.direct = target.index;
  const inner = node.kind === BUFFER && target.kind === STATION && node.component === target.component;
  if (!inner || node.limitsIn.length > 0 || node.direct < 0 || target.gathers !== ALONE) return;
  node.swift = node.order === FIFO && node.dwell === undefined;
  if (node.swift) target.feeder = node.index;
}
