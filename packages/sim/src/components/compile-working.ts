import { streamOf } from "../random/philox.ts";
import { directRoute } from "./compile-route.ts";
import { compileSetUp } from "./compile-set-up.ts";
import {
  ALONE,
  BATCH,
  BUFFER,
  type CompiledStop,
  DISASSEMBLE,
  FIFO,
  JOIN,
  LIFO,
  PACK,
  PORT,
  PRIORITY_ORDER,
  STATION,
  UNPACK,
  WHOLE,
} from "./compiled-flow.ts";
import type { FlowDraft, NodeDraft } from "./flow-draft.ts";
import type { FlowAssembly, FlowStation, FlowStop, FlowUnpack } from "./flow-model.ts";
import { MICROSECONDS, compileTime } from "./flow-time.ts";

type Working = FlowStation | FlowAssembly | FlowUnpack;

/** Adds the nodes of a component that works: what is before it, then its places. */
export function addWorking(draft: FlowDraft, component: Working, index: number): void {
  const { id } = component;
  const { ports, before } = addInputs(draft, component, index);
  const node = draft.add(id, STATION, index, workingFields(draft, component, ports));
  for (const port of ports) port.parent = node.index;
  if (before) before.route = directRoute(-1, node.index, 0);
  draft.enterAt(id, before?.index ?? (ports.length > 0 ? ports[0]!.index : node.index));
  node.stops = Array.from({ length: node.places }, (_, place) => (component.stops ?? []).map((stop) => addStop(draft, stop, node, place)));
}

/** The inputs that a gathering station takes from, or the buffer before a station, if any. */
function addInputs(draft: FlowDraft, component: Working, index: number): { ports: readonly NodeDraft[]; before?: NodeDraft } {
  const { id } = component;
  if ("inputs" in component && component.inputs)
    return {
      ports: component.inputs.map((input) => {
        const capacity = input.capacity === undefined ? (input.count ?? 1) : input.capacity === "unlimited" ? Infinity : input.capacity;
        const port = draft.add(`${id}.${input.id}`, PORT, index, { capacity });
        draft.enterAt(port.id, port.index);
        return port;
      }),
    };
  const batch = batchOf(component);
  const buffer = "buffer" in component ? component.buffer : undefined;
  const capacity = typeof buffer === "object" ? (buffer.capacity ?? Infinity) : buffer === "unlimited" ? Infinity : (buffer ?? 0);
  const order = orderOf(typeof buffer === "object" ? buffer.order : undefined);
  if (batch) return { ports: [draft.add(`${id}.buffer`, PORT, index, { capacity: Math.max(capacity, batch.size), order })] };
  return capacity > 0 ? { ports: [], before: draft.add(`${id}.buffer`, BUFFER, index, { capacity, order }) } : { ports: [] };
}

function workingFields(draft: FlowDraft, component: Working, ports: readonly NodeDraft[]): Partial<NodeDraft> {
  const { id } = component;
  const { model, products } = draft;
  const places = component.places ?? 1;
  const needs = (component.operators ?? []).map((need) => draft.needOf(need));
  const calendar = draft.calendarOf(component.calendar);
  const hasStops = (component.stops ?? []).length > 0;
  return {
    places,
    capacity: places,
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
    takes: draft.dosesOf(component.takes),
    gives: draft.dosesOf(component.gives),
    finishes: component.atBreak === "finish",
    before: component.blocking === "before",
    ...gatheringFields(component, ports),
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
  };
}

/** How items are taken together. */
function gatheringFields(component: Working, ports: readonly NodeDraft[]): Partial<NodeDraft> {
  const batch = batchOf(component);
  const inputs = "inputs" in component ? component.inputs : undefined;
  return {
    gathers: batch ? BATCH : inputs ? (component.type === "pack" ? PACK : JOIN) : ALONE,
    ports: ports.map((port) => port.index),
    counts: batch ? [batch.size] : (inputs ?? []).map((input) => input.count ?? 1),
    batchMinimum: batch?.minimum ?? batch?.size ?? 0,
    batchWait: batch?.waitS === undefined ? -1 : Math.round(batch.waitS * MICROSECONDS),
  };
}

/** A stop of one place, by its index. */
function addStop(draft: FlowDraft, stop: FlowStop, node: NodeDraft, place: number): number {
  const name = `${stop.id}#${place}`;
  const compiled: CompiledStop = {
    index: draft.stops.length,
    model: stop,
    place: node.firstPlace + place,
    node: node.index,
    clock: ["operating", "calendar", "cycles"].indexOf(stop.clock),
    between: compileTime(stop.between),
    duration: compileTime(stop.duration),
    betweenStream: streamOf(node.id, `${name} between`),
    durationStream: streamOf(node.id, `${name} duration`),
    need: stop.repairedBy === undefined ? undefined : draft.needOf(stop.repairedBy),
    polite: (stop.strikes ?? (stop.kind === "maintenance" || stop.clock === "cycles" ? "betweenItems" : "atOnce")) === "betweenItems",
    maintenance: stop.kind === "maintenance",
  };
  draft.stops.push(compiled);
  return compiled.index;
}

function batchOf(component: Working): FlowStation["batch"] {
  return component.type === "station" ? component.batch : undefined;
}

export function orderOf(order: "fifo" | "lifo" | "priority" | undefined): number {
  return order === "lifo" ? LIFO : order === "priority" ? PRIORITY_ORDER : FIFO;
}
