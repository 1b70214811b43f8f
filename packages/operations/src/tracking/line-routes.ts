import type { FlowDefinition, LineDefinition, StationDefinition } from "../definition/line-definition.ts";

/** The graph of a line as the tracker asks for it; computed once from the definition. */
export interface LineRoutes {
  station(id: string): StationDefinition;
  /** Position along the main flow; a rework station counts as behind every other. */
  order(id: string): number;
  /** Where a good part goes: along main, into an assembly, or back from rework; undefined = it leaves the line. */
  next(id: string): string | undefined;
  isEntry(id: string): boolean;
  /** The station makes sub-assemblies that are joined further on. */
  isComponent(id: string): boolean;
  /** Components are joined here. */
  joins(id: string): boolean;
  /** Rejects come here and go back into the flow. */
  isRework(id: string): boolean;
  /** A declared flow leads from one station back to the other. */
  leadsBack(from: string, to: string): boolean;
  /** Serials are read when a part enters, or leaves; counts do the same without names. */
  readsIn(id: string): boolean;
  readsOut(id: string): boolean;
  /** The serial of a component is read where it is joined. */
  readsComponents(id: string): boolean;
  flow(from: string, to: string): FlowDefinition | undefined;
}

export function createLineRoutes(definition: LineDefinition): LineRoutes {
  const stations = new Map(definition.stations.map((station) => [station.id, station]));
  const flows = new Map(definition.flows.map((flow) => [`${flow.from}>${flow.to}`, flow]));
  const forwards = new Map<string, string>();
  for (const kind of ["return", "assembly", "main"] as const)
    for (const flow of definition.flows) if (flow.kind === kind) forwards.set(flow.from, flow.to);
  const target = (kinds: readonly string[]) => new Set(definition.flows.filter((flow) => kinds.includes(flow.kind)).map((flow) => flow.to));
  const fed = target(["main", "return", "reject", "assembly"]);
  const fedByMain = target(["main", "return", "reject"]);
  const joining = new Set(definition.flows.filter((flow) => flow.kind === "assembly").map((flow) => flow.to));
  const rework = new Set(
    [...target(["reject"])].filter((id) => definition.flows.some((flow) => flow.kind === "return" && flow.from === id)),
  );
  const order = new Map(
    definition.stations.map((station, index) => [station.id, rework.has(station.id) ? definition.stations.length + index : index]),
  );
  const components = componentStations(definition, forwards, joining);

  return {
    station: (id) => {
      const station = stations.get(id);
      if (!station) throw new Error(`the line ${definition.id} has no station ${id}`);
      return station;
    },
    order: (id) => order.get(id) ?? 0,
    next: (id) => forwards.get(id),
    isEntry: (id) => !fed.has(id) || (joining.has(id) && !fedByMain.has(id)),
    isComponent: (id) => components.has(id),
    joins: (id) => joining.has(id),
    isRework: (id) => rework.has(id),
    leadsBack: (from, to) => rework.has(from) || flows.get(`${from}>${to}`)?.kind === "return",
    readsIn: (id) => stations.get(id)?.signals.PartIn !== undefined,
    readsOut: (id) => stations.get(id)?.signals.PartOut?.valueType === "string",
    readsComponents: (id) => stations.get(id)?.signals.ComponentIn !== undefined,
    flow: (from, to) => flows.get(`${from}>${to}`),
  };
}

/** Everything upstream of an assembly flow, back along the main flow. */
function componentStations(
  definition: LineDefinition,
  forwards: ReadonlyMap<string, string>,
  joining: ReadonlySet<string>,
): ReadonlySet<string> {
  const components = new Set(definition.flows.filter((flow) => flow.kind === "assembly").map((flow) => flow.from));
  for (let grew = true; grew;) {
    grew = false;
    for (const [from, to] of forwards) {
      if (!components.has(to) || components.has(from) || joining.has(from)) continue;
      components.add(from);
      grew = true;
    }
  }
  return components;
}
