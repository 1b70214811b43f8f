import type { FlowComponent, FlowModel, FlowRoute, LineModel } from "@doppelwerk/sim";
import type { FlowSketch, LineSketch, StationForm, StationSketch } from "@doppelwerk/scene";
import { PLACES_DRAWN, SLOTS_DRAWN } from "./watched-flow.ts";

/** Beyond it a hall is no picture any more. */
export const MAX_STATIONS = 120;

/** Chains that run into the line side by side. */
const MAX_BRANCHES = 4;

/** What a flow model looks like: every component that holds items or works on them, in the order of the flow. */
export function sketchOfFlow(model: FlowModel): LineSketch {
  const components = inOrder(model.components);
  const shown = new Map(components.flatMap((component) => sketchOf(component) ?? []).map((station) => [station.id, station]));
  const main = mainFlows(components, shown);
  const side = sideFlows(components, shown, main);
  const aside = new Set(side.flatMap(({ from, kind }) => (kind === "rework" ? from : [])));
  const stations = [...shown.values()].map((station) =>
    aside.has(station.id) && !main.some(({ to }) => to === station.id) ? { ...station, form: "rework" as const } : station,
  );
  return { id: model.name ?? "model", stations, flows: [...main, ...side], rows: rowsOf(shown.size) };
}

/** What a line of a file looks like. */
export function sketchOfLine(model: LineModel): LineSketch {
  const ids = new Set(model.stations.map(({ id }) => id));
  const taken = new Set<string>();
  const at = new Map(model.stations.map(({ id }, index) => [id, index]));
  const stations = model.stations.map(({ id, name, places, buffer, assembly, inspection, operators }): StationSketch => ({
    id,
    label: name ?? id,
    form: assembly !== undefined ? "workplace" : inspection !== undefined && places > 1 ? "leak-test" : formOf(places),
    places: Math.min(places, PLACES_DRAWN),
    buffer: Math.min(buffer === undefined ? 0 : (buffer.capacity ?? SLOTS_DRAWN), SLOTS_DRAWN),
    ...(operators === undefined ? {} : { operators: Math.min(2, operators.count) }),
  }));
  const flows = model.stations.flatMap(({ id, next }): FlowSketch[] => {
    if (next === undefined || !ids.has(next.station) || at.get(next.station)! <= at.get(id)!) return [];
    if (next.input === "assembly") return [{ from: id, to: next.station, kind: "assembly" }];
    if (taken.has(next.station)) return [];
    taken.add(next.station);
    return [{ from: id, to: next.station, kind: "main" }];
  });
  return { id: model.id, stations, flows, rows: rowsOf(stations.length) };
}

function rowsOf(stations: number): number {
  return stations <= 5 ? 1 : stations <= 24 ? 2 : 4;
}

function formOf(places: number): StationForm {
  return places > 2 ? "test-cells" : "machine";
}

/** Undefined: what nothing is ever inside of. */
function sketchOf(component: FlowComponent): StationSketch | undefined {
  const named = { id: component.id, label: component.name ?? component.id };
  const holds = (form: StationForm, capacity: number | undefined): StationSketch => ({
    ...named,
    form,
    places: 1,
    buffer: Math.min(capacity ?? SLOTS_DRAWN, SLOTS_DRAWN),
  });
  switch (component.type) {
    case "source":
      return isSaturated(component) ? undefined : holds("tunnel", undefined);
    case "sink":
      return component.counts === "scrap" ? undefined : { ...named, form: "palletiser", places: 1, buffer: 0 };
    case "pipe":
      return undefined;
    case "station":
      return worker(component, formOf(component.places ?? 1), slotsOf(component.buffer));
    case "assembly":
    case "pack":
      return worker(
        component,
        component.type === "pack" ? "packing" : "workplace",
        component.inputs.reduce((sum, { capacity, count }) => sum + slotsOf(capacity ?? count ?? 1), 0),
      );
    case "unpack":
    case "disassembly":
      return worker(component, "workplace", slotsOf(component.buffer));
    case "conveyor":
      return holds("tunnel", Math.ceil(component.lengthM / component.pitchM));
    case "robot":
      return { ...named, form: "robot-cell", places: 1, buffer: 1 };
    case "buffer":
    case "transport":
      return holds("tunnel", component.capacity);
    case "tank":
      return { ...named, form: "machine", places: 1, buffer: 0 };
    case "custom":
      return holds("machine", undefined);
  }
}

function worker(
  component: { readonly id: string; readonly name?: string; readonly places?: number; readonly operators?: readonly unknown[] },
  form: StationForm,
  slots: number,
): StationSketch {
  return {
    id: component.id,
    label: component.name ?? component.id,
    form,
    places: Math.min(component.places ?? 1, PLACES_DRAWN),
    buffer: Math.min(slots, SLOTS_DRAWN),
    ...(component.operators === undefined || component.operators.length === 0 ? {} : { operators: 1 }),
  };
}

function slotsOf(buffer: number | "unlimited" | { readonly capacity?: number } | undefined): number {
  if (buffer === undefined) return 0;
  if (typeof buffer === "number") return buffer;
  return buffer === "unlimited" ? SLOTS_DRAWN : (buffer.capacity ?? SLOTS_DRAWN);
}

function isSaturated(component: FlowComponent): boolean {
  return (
    component.type === "source" &&
    component.interarrival === undefined &&
    component.rates === undefined &&
    component.arrivals === undefined &&
    component.whenLevel === undefined
  );
}

/** Components as items come to them: from every source on, the likeliest way first. */
function inOrder(components: readonly FlowComponent[]): readonly FlowComponent[] {
  const byId = new Map(components.map((component) => [component.id, component]));
  const order = new Set<FlowComponent>();
  const visit = (component: FlowComponent | undefined): void => {
    if (component === undefined || order.has(component)) return;
    order.add(component);
    for (const target of targetsOf(component)) visit(byId.get(target.split(".")[0]!));
  };
  for (const component of components) if (component.type === "source") visit(component);
  for (const component of components) visit(component);
  // ends of the flow stand at the end of the hall
  return [...order].toSorted((a, b) => Number(a.type === "sink") - Number(b.type === "sink"));
}

/** Each component goes on along one way, and is come to along one, so that the ways drawn are chains. */
function mainFlows(order: readonly FlowComponent[], shown: ReadonlyMap<string, StationSketch>): FlowSketch[] {
  const at = new Map(order.map(({ id }, index) => [id, index]));
  const taken = new Set<string>();
  return order.flatMap((component): FlowSketch[] => {
    if (!shown.has(component.id)) return [];
    const next = targetsOf(component).find((target) => {
      const id = target.split(".")[0]!;
      return shown.has(id) && !taken.has(id) && at.get(id)! > at.get(component.id)!;
    });
    if (next === undefined) return [];
    const [id] = next.split(".") as [string];
    taken.add(id);
    return [{ from: component.id, to: id, kind: "main" }];
  });
}

/** Where chains that end on the way run into another, and what leaves a chain and comes back to one: so many as find room beside it. */
function sideFlows(order: readonly FlowComponent[], shown: ReadonlyMap<string, StationSketch>, main: readonly FlowSketch[]): FlowSketch[] {
  const next = new Map(main.map(({ from, to }) => [from, to]));
  const entered = new Set(next.values());
  const chainOf = new Map<string, string>();
  const lengths = new Map<string, number>();
  for (const start of shown.keys()) {
    if (entered.has(start)) continue;
    let length = 0;
    for (let id: string | undefined = start; id !== undefined; id = next.get(id), length++) chainOf.set(id, start);
    lengths.set(start, length);
  }
  const trunk = [...lengths].toSorted((a, b) => b[1] - a[1])[0]?.[0];
  const onTrunk = (id: string | undefined): id is string => id !== undefined && chainOf.get(id) === trunk;
  const into = (component: FlowComponent): string | undefined =>
    targetsOf(component)
      .map((target) => target.split(".")[0]!)
      .find(onTrunk);
  const flows: FlowSketch[] = [];
  let branches = 0;
  for (const component of order) {
    const { id } = component;
    if (!shown.has(id) || next.has(id) || onTrunk(id)) continue;
    const to = into(component);
    if (to === undefined) continue;
    const from = lengths.get(id) === 1 ? order.find((other) => onTrunk(other.id) && targetsOf(other).includes(id)) : undefined;
    if (from !== undefined) flows.push({ from: from.id, to: id, kind: "rework" }, { from: id, to, kind: "rework" });
    else if (branches++ < MAX_BRANCHES) flows.push({ from: id, to, kind: "assembly" });
  }
  return flows;
}

/** Ids that a component sends to (`cell.lid` with its input), the likeliest first. */
function targetsOf(component: FlowComponent): readonly string[] {
  const routes: FlowRoute[] = [];
  if ("to" in component && component.to !== undefined && component.type !== "pipe") routes.push(component.to);
  if ("inspection" in component && component.inspection?.to !== undefined) routes.push(component.inspection.to);
  if ("parts" in component) routes.push(...(component.parts ?? []).map(({ to }) => to));
  if ("containerTo" in component && component.containerTo !== undefined) routes.push(component.containerTo);
  return routes.flatMap(idsOf);
}

function idsOf(route: FlowRoute): readonly string[] {
  if (typeof route === "string") return [route];
  if ("by" in route)
    return route.by === "product" ? [...Object.values(route.map), ...(route.else === undefined ? [] : [route.else])] : route.among;
  const rest = 1 - route.reduce((sum, { probability = 0 }) => sum + probability, 0);
  return route.toSorted((a, b) => (b.probability ?? rest) - (a.probability ?? rest)).map(({ to }) => to);
}
