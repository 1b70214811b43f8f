import type { LineNames } from "@doppelwerk/kit";
import type { Plant } from "./plant.ts";

/** The plant under other ids, wherever it names its line or a station. */
export function renamedPlant(plant: Plant, { id, stations }: LineNames): Plant {
  const named = (station: string): string => stations.get(station) ?? station;
  const { constraint, carriers, logistics } = plant;
  return {
    ...plant,
    id,
    ...(constraint !== undefined && { constraint: named(constraint) }),
    ...(carriers && { carriers: { ...carriers, from: named(carriers.from), to: named(carriers.to) } }),
    ...(logistics && { logistics: { ...logistics, station: named(logistics.station) } }),
    stations: plant.stations.map((station) => ({
      ...station,
      id: named(station.id),
      ...(station.rejectTo !== undefined && { rejectTo: named(station.rejectTo) }),
    })),
    flows: plant.flows.map((flow) => ({ ...flow, from: named(flow.from), to: named(flow.to) })),
    ends: plant.ends.map((end) => ({ ...end, station: named(end.station) })),
    work: plant.work.map((element) => ({ ...element, station: named(element.station) })),
  };
}
