import { streamOf } from "../random/philox.ts";
import type { ComponentDefinition } from "./component-definition.ts";
import type { FlowAssembly, FlowDose, FlowModel, FlowOperatorNeed, FlowRoute, FlowStation, FlowUnpack } from "./flow-model.ts";
import { compileCalendar } from "./compile-calendar.ts";
import { compileNetwork } from "./compile-network.ts";
import { DIRECT, type Route, compileRoute, directRoute } from "./compile-route.ts";
import { compileSetUp } from "./compile-set-up.ts";
import { compileSource, productsNamed } from "./compile-source.ts";
import { compileFluids } from "./compile-fluids.ts";
import { MICROSECONDS, compileTime } from "./flow-time.ts";
import { compileRobots } from "./compile-robots.ts";
import {
  SOURCE,
  SINK,
  BUFFER,
  STATION,
  PORT,
  CONVEYOR,
  TRANSPORT,
  CUSTOM,
  ROBOT,
  FIFO,
  LIFO,
  PRIORITY_ORDER,
  ALONE,
  JOIN,
  PACK,
  BATCH,
  WHOLE,
  UNPACK,
  DISASSEMBLE,
  type Need,
  type CompiledDose,
  type CompiledStop,
  type FlowNode,
  type CompiledFlow,
} from "./compiled-flow.ts";

type Draft = { -readonly [K in keyof FlowNode]: FlowNode[K] };

/** Turns a valid model into tables. Throws on names it uses and does not have (`validateFlowModel` tells before). */
export function compileFlow(model: FlowModel, definitions: readonly ComponentDefinition[] = []): CompiledFlow {
  const products = model.products?.length ? model.products.map((product) => product.id) : productsNamed(model);
  const productOf = (id: string | undefined): number => (id === undefined ? 0 : required(products.indexOf(id), `product ${id}`));
  const calendars = (model.calendars ?? []).map(compileCalendar);
  const calendarOf = (id: string | undefined): number =>
    id === undefined
      ? -1
      : required(
          (model.calendars ?? []).findIndex((calendar) => calendar.id === id),
          `calendar ${id}`,
        );
  const groups = (model.operators ?? []).map((group) => ({
    id: group.id,
    count: group.count,
    calendar: calendarOf(group.calendar),
    walk: group.walkS === undefined ? undefined : compileTime(group.walkS),
    stream: streamOf(group.id, "walk"),
  }));
  const needOf = (need: FlowOperatorNeed): Need => ({
    groups: (model.operators ?? [])
      .map((group, index) => ({ index, group }))
      .filter(({ group }) => (need.operators === undefined ? group.skills?.includes(need.skill ?? "") : group.id === need.operators))
      .toSorted((a, b) => (a.group.skills?.length ?? 0) - (b.group.skills?.length ?? 0) || a.index - b.index)
      .map(({ index }) => index),
    count: need.count ?? 1,
  });
  const nodes: Draft[] = [];
  const stops: CompiledStop[] = [];
  const entry = new Map<string, number>();
  const nodesOfComponent: number[][] = model.components.map(() => []);
  let places = 0;
  let columns = 0;
  const add = (id: string, kind: number, component: number, fields: Partial<Draft>): Draft => {
    const node: Draft = {
      ...emptyNode,
      ...fields,
      index: nodes.length,
      id,
      kind,
      component,
      firstPlace: places,
      places: fields.places ?? 1,
    };
    places += node.places;
    nodes.push(node);
    nodesOfComponent[component]!.push(node.index);
    return node;
  };
  const network = compileNetwork(model);
  const positionOf = (id: string): number => (model.positions ?? []).findIndex((position) => position.id === id);
  const tanks = model.components.filter((component) => component.type === "tank").map((tank) => tank.id);
  const dosesOf = (doses: readonly FlowDose[] | undefined): CompiledDose[] =>
    (doses ?? []).map(({ tank, litres }) => ({ tank: required(tanks.indexOf(tank), `tank ${tank}`), litres }));

  model.components.forEach((component, index) => {
    const { id } = component;
    switch (component.type) {
      case "source":
        entry.set(id, add(id, SOURCE, index, { source: compileSource(component, productOf, products.length), capacity: Infinity }).index);
        break;
      case "sink":
        entry.set(id, add(id, SINK, index, { places: 0, counts2: component.counts ?? "good" }).index);
        break;
      case "buffer":
        entry.set(
          id,
          add(id, BUFFER, index, {
            capacity: component.capacity ?? Infinity,
            order: orderOf(component.order),
            dwell: component.dwell === undefined ? undefined : compileTime(component.dwell),
            dwellStream: streamOf(id, "dwell"),
          }).index,
        );
        break;
      case "conveyor":
        entry.set(
          id,
          add(id, CONVEYOR, index, {
            capacity: Math.max(1, Math.floor(component.lengthM / component.pitchM + 1e-9)),
            travel: Math.round((component.lengthM / component.speedMps) * MICROSECONDS),
            gap: Math.round((component.pitchM / component.speedMps) * MICROSECONDS),
            accumulating: component.accumulating !== false,
          }).index,
        );
        break;
      case "transport": {
        const fleet = required(
          network.fleets.findIndex((candidate) => candidate.id === component.fleet),
          `fleet ${component.fleet}`,
        );
        entry.set(
          id,
          add(id, TRANSPORT, index, {
            capacity: component.capacity ?? Infinity,
            places: network.fleets[fleet]!.vehicles,
            fleet,
            point: required(network.points.indexOf(component.at), `point ${component.at}`),
            rank: component.priority ?? 0,
          }).index,
        );
        break;
      }
      case "robot":
        entry.set(
          id,
          add(id, ROBOT, index, {
            capacity: 1,
            robot: required(
              (model.robots ?? []).findIndex((robot) => robot.id === component.robot),
              `robot ${component.robot}`,
            ),
            point: required(positionOf(component.at), `position ${component.at}`),
            rank: component.priority ?? 0,
          }).index,
        );
        break;
      case "custom": {
        const definition = definitions.find((candidate) => candidate.model === component.model);
        if (definition === undefined) throw new Error(`component ${id} wants the model ${component.model}, which nobody brought`);
        const node = add(id, CUSTOM, index, {
          capacity: Infinity,
          definition,
          parameters: { ...definition.parameters, ...component.parameters },
          firstColumn: columns,
        });
        columns += Object.keys(definition.columns).length;
        entry.set(id, node.index);
        break;
      }
      case "tank":
      case "pipe":
        break;
      default:
        addWorking(component, index);
    }
  });

  function addWorking(component: FlowStation | FlowAssembly | FlowUnpack, index: number): void {
    const { id } = component;
    const count = component.places ?? 1;
    const batch = component.type === "station" ? component.batch : undefined;
    const inputs = "inputs" in component ? component.inputs : undefined;
    const ports: Draft[] = [];
    let before: Draft | undefined;
    if (inputs)
      for (const input of inputs) {
        const capacity = input.capacity === undefined ? (input.count ?? 1) : input.capacity === "unlimited" ? Infinity : input.capacity;
        const port = add(`${id}.${input.id}`, PORT, index, { capacity });
        entry.set(port.id, port.index);
        ports.push(port);
      }
    else {
      const buffer = "buffer" in component ? component.buffer : undefined;
      const capacity = typeof buffer === "object" ? (buffer.capacity ?? Infinity) : buffer === "unlimited" ? Infinity : (buffer ?? 0);
      const order = orderOf(typeof buffer === "object" ? buffer.order : undefined);
      if (batch) ports.push(add(`${id}.buffer`, PORT, index, { capacity: Math.max(capacity, batch.size), order }));
      else if (capacity > 0) before = add(`${id}.buffer`, BUFFER, index, { capacity, order });
    }
    const needs = (component.operators ?? []).map(needOf);
    const calendar = calendarOf(component.calendar);
    const hasStops = (component.stops ?? []).length > 0;
    const node = add(id, STATION, index, {
      places: count,
      capacity: count,
      time: compileTime(component.time),
      timeByProduct: products.map((product) => {
        const own = component.timeByProduct?.[product];
        return own === undefined ? undefined : compileTime(own);
      }),
      timeStream: streamOf(id, "time"),
      setUp: compileSetUp(component, model, products),
      needs,
      hasStops,
      calendar,
      takes: dosesOf(component.takes),
      gives: dosesOf(component.gives),
      finishes: component.atBreak === "finish",
      before: component.blocking === "before",
      gathers: batch ? BATCH : inputs ? (component.type === "pack" ? PACK : JOIN) : ALONE,
      ports: ports.map((port) => port.index),
      counts: batch ? [batch.size] : (inputs ?? []).map((input) => input.count ?? 1),
      batchMinimum: batch?.minimum ?? batch?.size ?? 0,
      batchWait: batch?.waitS === undefined ? -1 : Math.round(batch.waitS * MICROSECONDS),
      opens: component.type === "unpack" ? UNPACK : component.type === "disassembly" ? DISASSEMBLE : WHOLE,
      scrap: component.scrap ?? 0,
      rejectByTry: component.inspection === undefined ? [] : [component.inspection.reject].flat(),
      maxTries: component.inspection?.maxTries ?? Infinity,
      verdictStream: streamOf(id, "verdict"),
      plain:
        !component.takes?.length &&
        !component.gives?.length &&
        !hasStops &&
        needs.length === 0 &&
        calendar < 0 &&
        component.setUp === undefined &&
        component.blocking !== "before",
    });
    for (const port of ports) port.parent = node.index;
    if (before) before.route = directRoute(-1, node.index, 0);
    entry.set(id, before?.index ?? (ports.length > 0 ? ports[0]!.index : node.index));
    node.stops = Array.from({ length: count }, (_, place) =>
      (component.stops ?? []).map((stop) => {
        const name = `${stop.id}#${place}`;
        const compiled: CompiledStop = {
          index: stops.length,
          model: stop,
          place: node.firstPlace + place,
          node: node.index,
          clock: ["operating", "calendar", "cycles"].indexOf(stop.clock),
          between: compileTime(stop.between),
          duration: compileTime(stop.duration),
          betweenStream: streamOf(id, `${name} between`),
          durationStream: streamOf(id, `${name} duration`),
          need: stop.repairedBy === undefined ? undefined : needOf(stop.repairedBy),
          polite: (stop.strikes ?? (stop.kind === "maintenance" || stop.clock === "cycles" ? "betweenItems" : "atOnce")) === "betweenItems",
          maintenance: stop.kind === "maintenance",
        };
        stops.push(compiled);
        return compiled.index;
      }),
    );
  }

  const routes: Route[] = [];
  const nodeOf = (id: string): number => required(entry.get(id) ?? -1, `component ${id}`);
  const routeOf = (route: FlowRoute, owner: string): Route => {
    const compiled = compileRoute(route, routes.length, nodeOf, products, streamOf(owner, `route ${routes.length}`));
    routes.push(compiled);
    return compiled;
  };
  for (const node of nodes) {
    const component = model.components[node.component]!;
    if (node.route !== undefined) {
      const own = { ...node.route, index: routes.length };
      routes.push(own);
      node.route = own;
    } else if (node.kind !== SINK && node.kind !== PORT && "to" in component && component.to !== undefined)
      node.route = routeOf(component.to as FlowRoute, node.id);
    if (node.kind === STATION) {
      const working = component as FlowStation | FlowUnpack;
      if (working.inspection?.to !== undefined) node.reject = routeOf(working.inspection.to, `${node.id} reject`);
      if ("containerTo" in working && working.containerTo !== undefined)
        node.container = routeOf(working.containerTo, `${node.id} container`);
      if ("parts" in working && working.parts !== undefined)
        node.parts = working.parts.map((part, index) => ({
          product: productOf(part.product),
          count: part.count ?? 1,
          route: routeOf(part.to, `${node.id} part ${index}`),
        }));
    }
    if (component.type === "robot")
      node.points = new Map(Object.entries(component.positions).map(([target, position]) => [nodeOf(target), positionOf(position)]));
    if (component.type === "transport")
      node.points = new Map(Object.entries(component.points).map(([target, point]) => [nodeOf(target), network.points.indexOf(point)]));
  }
  let links = 0;
  const linkTarget: number[] = [];
  const linkPlace: number[] = [];
  for (const node of nodes) {
    const own = [node.route, node.reject, node.container, ...node.parts.map((part) => part.route)].filter((route) => route !== undefined);
    node.targets = [...new Set(own.flatMap((route) => route.targets))];
    const position = new Map(node.targets.map((target, at) => [target, at]));
    for (const route of own) route.links = route.targets.map((target) => position.get(target)!);
    node.firstLink = links;
    links += node.places * node.targets.length;
    for (let place = 0; place < node.places; place++)
      for (const target of node.targets) {
        linkTarget.push(target);
        linkPlace.push(node.firstPlace + place);
      }
  }
  const limits = (model.limits ?? []).map((limit) => ({
    id: limit.id,
    count: limit.count,
    from: nodeOf(limit.from),
    to: required(
      nodes.findLastIndex((node) => model.components[node.component]!.id === limit.to),
      `component ${limit.to}`,
    ),
  }));
  limits.forEach((limit, index) => {
    nodes[limit.from]!.limitsIn = [...nodes[limit.from]!.limitsIn, index];
    nodes[limit.to]!.limitsOut = [...nodes[limit.to]!.limitsOut, index];
  });
  for (const node of nodes) nameShortWays(node, nodes);
  const placeNode = new Int32Array(places);
  for (const node of nodes) placeNode.fill(node.index, node.firstPlace, node.firstPlace + node.places);
  const placeRobot = Uint8Array.from(placeNode, (node) => (nodes[node]!.kind === ROBOT ? 1 : 0));
  return {
    model,
    nodes,
    nodesOfComponent,
    placeNode,
    placeRobot,
    products,
    productPriority: products.map((id) => model.products?.find((product) => product.id === id)?.priority ?? 0),
    routes,
    linkTarget: Int32Array.from(linkTarget),
    linkPlace: Int32Array.from(linkPlace),
    stops,
    calendars,
    groups,
    limits,
    network,
    fluids: compileFluids(model, (source) => nodes.findIndex((node) => node.id === source)),
    robots: compileRobots(model),
    columns,
  };
}

/** Where the short ways of transfer.ts hold: what they leave out could not act there. */
function nameShortWays(node: Draft, nodes: readonly Draft[]): void {
  if (node.route?.kind !== DIRECT) return;
  const target = nodes[node.route.targets[0]!]!;
  if (node.limitsOut.length === 0 && target.limitsIn.length === 0) node.direct = target.index;
  const inner = node.kind === BUFFER && target.kind === STATION && node.component === target.component;
  if (!inner || node.limitsIn.length > 0 || node.direct < 0 || target.gathers !== ALONE) return;
  node.swift = node.order === FIFO && node.dwell === undefined;
  if (node.swift) target.feeder = node.index;
}

const emptyNode: Draft = {
  index: 0,
  id: "",
  kind: 0,
  component: 0,
  capacity: 0,
  order: FIFO,
  dwell: undefined,
  dwellStream: 0,
  firstPlace: 0,
  places: 1,
  targets: [],
  firstLink: 0,
  route: undefined,
  reject: undefined,
  container: undefined,
  parts: [],
  time: undefined,
  timeByProduct: [],
  timeStream: 0,
  setUp: undefined,
  needs: [],
  stops: [],
  hasStops: false,
  calendar: -1,
  finishes: false,
  before: false,
  gathers: ALONE,
  ports: [],
  counts: [],
  batchMinimum: 0,
  batchWait: -1,
  opens: WHOLE,
  parent: -1,
  direct: -1,
  feeder: -1,
  swift: false,
  scrap: 0,
  rejectByTry: [],
  maxTries: Infinity,
  verdictStream: 0,
  limitsIn: [],
  limitsOut: [],
  counts2: "good",
  source: undefined,
  travel: 0,
  gap: 0,
  accumulating: true,
  fleet: -1,
  robot: -1,
  takes: [],
  gives: [],
  point: -1,
  points: new Map(),
  rank: 0,
  definition: undefined,
  parameters: {},
  firstColumn: 0,
  plain: false,
};

function orderOf(order: "fifo" | "lifo" | "priority" | undefined): number {
  return order === "lifo" ? LIFO : order === "priority" ? PRIORITY_ORDER : FIFO;
}

function required(index: number, what: string): number {
  if (index < 0) throw new Error(`the model names ${what}, which it does not have`);
  return index;
}
