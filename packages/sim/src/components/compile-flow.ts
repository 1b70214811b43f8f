import { streamOf } from "../random/philox.ts";
import type { ComponentDefinition } from "./component-definition.ts";
import type {
  FlowAssembly,
  FlowComponent,
  FlowModel,
  FlowOperatorNeed,
  FlowRoute,
  FlowSource,
  FlowStation,
  FlowStop,
  FlowTime,
  FlowUnpack,
} from "./flow-model.ts";
import { type CompiledNetwork, compileNetwork } from "./compile-network.ts";
import { type CompiledFluids, compileFluids } from "./fluids.ts";
import { type CompiledTime, MICROSECONDS, compileTime } from "./flow-time.ts";

// Kinds of nodes.
export const SOURCE = 0;
export const SINK = 1;
export const BUFFER = 2;
export const STATION = 3;
/** A buffer out of which a gathering station takes by itself. */
export const PORT = 4;
export const CONVEYOR = 5;
export const TRANSPORT = 6;
export const CUSTOM = 7;

export const FIFO = 0;
export const LIFO = 1;
export const PRIORITY_ORDER = 2;

/** How a gathering station joins what it takes. */
export const ALONE = 0;
export const JOIN = 1;
export const PACK = 2;
export const BATCH = 3;

/** How a station opens what it worked on. */
export const WHOLE = 0;
export const UNPACK = 1;
export const DISASSEMBLE = 2;

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

export interface Need {
  /** Groups that may serve, those with the fewest skills first. */
  readonly groups: readonly number[];
  readonly count: number;
}

export interface CompiledStop {
  readonly index: number;
  readonly model: FlowStop;
  readonly place: number;
  readonly node: number;
  /** 0 operating, 1 calendar, 2 cycles. */
  readonly clock: number;
  readonly between: CompiledTime;
  readonly duration: CompiledTime;
  readonly betweenStream: number;
  readonly durationStream: number;
  readonly need: Need | undefined;
  readonly polite: boolean;
  readonly maintenance: boolean;
}

export interface CompiledSetUp {
  readonly values: readonly string[];
  readonly time: CompiledTime;
  readonly matrix: ReadonlyMap<string, CompiledTime>;
  readonly stream: number;
}

export interface CompiledSource {
  readonly kind: "saturated" | "interarrival" | "rates" | "list";
  readonly interarrival: CompiledTime | undefined;
  readonly quantity: CompiledTime | undefined;
  /** Microseconds, items a microsecond. */
  readonly rates: readonly { readonly from: number; readonly rate: number }[];
  readonly list: readonly { readonly at: number; readonly product: number; readonly quantity: number }[];
  readonly repeat: number;
  readonly product: number;
  readonly mix: readonly number[];
  readonly orders: readonly { readonly product: number; readonly quantity: number }[];
  readonly repeatOrders: boolean;
  readonly limit: number;
  readonly loses: boolean;
  readonly streams: { readonly time: number; readonly product: number; readonly quantity: number };
}

/** One node of the flow. Every node has every field, so that the run reads them at fixed places. */
export interface FlowNode {
  readonly index: number;
  readonly id: string;
  readonly kind: number;
  readonly component: number;
  readonly capacity: number;
  readonly order: number;
  readonly dwell: CompiledTime | undefined;
  readonly dwellStream: number;
  readonly firstPlace: number;
  readonly places: number;
  targets: readonly number[];
  firstLink: number;
  route: Route | undefined;
  reject: Route | undefined;
  container: Route | undefined;
  parts: readonly { readonly product: number; readonly count: number; readonly route: Route }[];
  readonly time: CompiledTime | undefined;
  readonly timeByProduct: readonly (CompiledTime | undefined)[];
  readonly timeStream: number;
  readonly setUp: CompiledSetUp | undefined;
  readonly needs: readonly Need[];
  /** Stops by place. */
  stops: readonly (readonly number[])[];
  readonly hasStops: boolean;
  readonly calendar: number;
  readonly finishes: boolean;
  readonly before: boolean;
  readonly gathers: number;
  readonly ports: readonly number[];
  readonly counts: readonly number[];
  readonly batchMinimum: number;
  readonly batchWait: number;
  readonly opens: number;
  parent: number;
  /** The one node that everything goes to, where neither way nor limits leave a choice; −1 otherwise. */
  direct: number;
  /** Station: the slots that it alone takes from, where they hold nothing back; −1 otherwise. */
  feeder: number;
  /** Buffer: first in, first out, without dwell and limits, before one station. */
  swift: boolean;
  readonly scrap: number;
  readonly rejectByTry: readonly number[];
  readonly maxTries: number;
  readonly verdictStream: number;
  limitsIn: readonly number[];
  limitsOut: readonly number[];
  readonly counts2: "good" | "scrap";
  readonly source: CompiledSource | undefined;
  /** Conveyor: microseconds over its length and over one pitch. */
  readonly travel: number;
  readonly gap: number;
  readonly accumulating: boolean;
  readonly fleet: number;
  readonly point: number;
  points: ReadonlyMap<number, number>;
  readonly rank: number;
  readonly definition: ComponentDefinition | undefined;
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  readonly firstColumn: number;
  /** Simple enough for the short way through work: no needs, stops, set-up, calendar, gathering. */
  readonly plain: boolean;
}

export interface CompiledFlow {
  readonly model: FlowModel;
  readonly nodes: readonly FlowNode[];
  readonly nodesOfComponent: readonly (readonly number[])[];
  readonly placeNode: Int32Array<ArrayBuffer>;
  readonly products: readonly string[];
  readonly productPriority: readonly number[];
  readonly routes: readonly Route[];
  readonly linkTarget: Int32Array<ArrayBuffer>;
  readonly linkPlace: Int32Array<ArrayBuffer>;
  readonly stops: readonly CompiledStop[];
  readonly calendars: readonly {
    readonly period: number;
    readonly toggles: readonly { readonly at: number; readonly on: boolean }[];
    readonly onAtStart: boolean;
  }[];
  readonly groups: readonly {
    readonly id: string;
    readonly count: number;
    readonly calendar: number;
    readonly walk: CompiledTime | undefined;
    readonly stream: number;
  }[];
  readonly limits: readonly { readonly id: string; readonly count: number; readonly from: number; readonly to: number }[];
  readonly network: CompiledNetwork;
  readonly fluids: CompiledFluids;
  readonly columns: number;
}

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
      plain: !hasStops && needs.length === 0 && calendar < 0 && component.setUp === undefined && component.blocking !== "before",
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
  return {
    model,
    nodes,
    nodesOfComponent,
    placeNode,
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
    fluids: compileFluids(model),
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
  point: -1,
  points: new Map(),
  rank: 0,
  definition: undefined,
  parameters: {},
  firstColumn: 0,
  plain: false,
};

/** Products that a model without a list of products names, in order of appearance; one when it names none. */
export function productsNamed(model: FlowModel): string[] {
  const names = new Set<string>();
  for (const component of model.components) {
    if (component.type === "source") {
      if (component.product !== undefined) names.add(component.product);
      for (const product of Object.keys(component.mix ?? {})) names.add(product);
      for (const order of component.orders ?? []) names.add(order.product);
      for (const arrival of component.arrivals ?? []) if (arrival.product !== undefined) names.add(arrival.product);
    }
    if (component.type === "disassembly") for (const part of component.parts ?? []) if (part.product !== undefined) names.add(part.product);
  }
  return names.size > 0 ? [...names] : ["item"];
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

function compileRoute(route: FlowRoute, index: number, nodeOf: (id: string) => number, products: readonly string[], stream: number): Route {
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

/** Also the shape that every route has, so that the run reads them at fixed places. */
function directRoute(index: number, target: number, stream: number): Route {
  return { index, kind: DIRECT, targets: [target], links: [0], cumulative: [], byProduct: [], stream };
}

function compileSource(source: FlowSource, productOf: (id: string | undefined) => number, products: number): CompiledSource {
  let below = 0;
  const sum = Object.values(source.mix ?? {}).reduce((total, share) => total + share, 0);
  const mix = source.mix === undefined ? [] : Array.from({ length: products }, () => 0);
  for (const [product, share] of Object.entries(source.mix ?? {})) mix[productOf(product)] = share / sum;
  return {
    kind: source.arrivals ? "list" : source.rates ? "rates" : source.interarrival === undefined ? "saturated" : "interarrival",
    interarrival: source.interarrival === undefined ? undefined : compileTime(source.interarrival),
    quantity: source.quantity === undefined ? undefined : compileTime(source.quantity),
    rates: (source.rates ?? []).map((rate) => ({ from: Math.round(rate.fromS * MICROSECONDS), rate: rate.perHour / 3600 / MICROSECONDS })),
    list: (source.arrivals ?? []).map((arrival) => ({
      at: Math.round(arrival.atS * MICROSECONDS),
      product: arrival.product === undefined ? -1 : productOf(arrival.product),
      quantity: arrival.quantity ?? 1,
    })),
    repeat: source.repeatS === undefined ? 0 : Math.round(source.repeatS * MICROSECONDS),
    product: productOf(source.product),
    mix: mix.map((share) => (below += share)),
    orders: (source.orders ?? []).map((order) => ({ product: productOf(order.product), quantity: order.quantity })),
    repeatOrders: source.repeatOrders === true,
    limit: source.limit ?? Infinity,
    loses: source.whenFull === "lose",
    streams: { time: streamOf(source.id, "arrival"), product: streamOf(source.id, "product"), quantity: streamOf(source.id, "quantity") },
  };
}

function compileSetUp(
  component: { readonly id: string; readonly setUp?: FlowStation["setUp"] },
  model: FlowModel,
  products: readonly string[],
): CompiledSetUp | undefined {
  const { setUp } = component;
  if (setUp === undefined) return undefined;
  const matrix = new Map<string, CompiledTime>();
  for (const [from, row] of Object.entries(setUp.matrix ?? {}))
    for (const [to, time] of Object.entries(row)) matrix.set(`${from}\u0000${to}`, compileTime(time as FlowTime));
  return {
    values: products.map((id) =>
      setUp.attribute === undefined ? id : (model.products?.find((product) => product.id === id)?.attributes?.[setUp.attribute] ?? ""),
    ),
    time: compileTime(setUp.time),
    matrix,
    stream: streamOf(component.id, "setUp"),
  };
}

function compileCalendar(calendar: NonNullable<FlowModel["calendars"]>[number]): CompiledFlow["calendars"][number] {
  const period = Math.round((calendar.periodS ?? 86_400) * MICROSECONDS);
  const toggles: { at: number; on: boolean }[] = [];
  for (const { fromS, toS } of calendar.on) {
    const from = Math.round(fromS * MICROSECONDS);
    const to = Math.round(toS * MICROSECONDS);
    const last = toggles.at(-1);
    if (last !== undefined && last.at === from) toggles.pop();
    else toggles.push({ at: from, on: true });
    toggles.push({ at: to, on: false });
  }
  const onAtStart = toggles[0]?.at === 0;
  if (onAtStart) toggles.shift();
  // an end at the end of the period that begins anew with on is no end
  if (onAtStart && toggles.at(-1)?.at === period) toggles.pop();
  else if (toggles.length > 0 && toggles.at(-1)!.at === period) toggles[toggles.length - 1] = { at: period, on: false };
  if (onAtStart && toggles.length > 0 && toggles.at(-1)!.on === false) toggles.push({ at: period, on: true });
  return { period, toggles, onAtStart };
}

function orderOf(order: "fifo" | "lifo" | "priority" | undefined): number {
  return order === "lifo" ? LIFO : order === "priority" ? PRIORITY_ORDER : FIFO;
}

function required(index: number, what: string): number {
  if (index < 0) throw new Error(`the model names ${what}, which it does not have`);
  return index;
}

export function isWorking(component: FlowComponent): component is FlowStation | FlowAssembly | FlowUnpack {
  return ["station", "assembly", "pack", "unpack", "disassembly"].includes(component.type);
}
