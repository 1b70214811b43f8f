import type { DescribedEnd, DescribedLine, LineModelOptions, LineSource } from "@doppelwerk/kit";
import { defaultAlarmRules } from "./default-alarm-rules.ts";
import { factors } from "./factors.ts";
import { lineObservations } from "./fitted-line-model.ts";
import { lineDefinition } from "./line-definition-of.ts";
import { lineStateOf } from "./line-state-of.ts";
import { nominalLineModel } from "./nominal-line-model.ts";
import { renamedPlant } from "./named-plant.ts";
import { withValues, type Plant, type PlantEnd } from "./plant.ts";
import { readPlants } from "./read-plant.ts";
import { stage } from "./stage-of.ts";
import { vehiclesOf } from "./vehicles-of.ts";

/** Lines of the submodel `ProductionLine`, as the feature `line` takes them from packs. */
export const lineSource: LineSource = {
  id: "discrete-line",
  read(reader) {
    const { plants, findings } = readPlants(reader);
    return { lines: plants.map((plant) => describedLine(plant)), findings };
  },
};
export default lineSource;

/** `names`: ids of stations in the documents, where the plant has another one. */
function describedLine(plant: Plant, names: ReadonlyMap<string, string> = new Map()): DescribedLine {
  const { id, title, shell, timeZone, shifts, constraint } = plant;
  return {
    id,
    title,
    shell,
    timeZone,
    shifts,
    ...(constraint !== undefined && { constraint }),
    stations: plant.stations.map(({ id: station, title: name, shell: own, values: { IdealCycleTime: ideal } }) => ({
      id: station,
      title: name,
      shell: own,
      ...(ideal && { idealCycleS: ideal.value }),
    })),
    ...(plant.ends.length > 0 && { ends: plant.ends.map(endOf) }),
    findings: plant.findings,
    renamed: (other) =>
      describedLine(
        renamedPlant(plant, other),
        new Map([...other.stations].map(([before, after]) => [after, names.get(before) ?? before])),
      ),
    definition: (signals) => lineDefinition(plant, signals),
    model: (options) => modelOf(plant, options),
    factors: () => factors(plant),
    alarmRules: (signals) => defaultAlarmRules(plant, signals),
    vehicles: vehiclesOf,
    stage: () => stage(plant),
    documents: () => documentsOf(plant, names),
    observations: lineObservations,
    initialState: lineStateOf,
  };
}

function endOf({ side, station, buffer: { shell, title, capacity } }: PlantEnd): DescribedEnd {
  return { side, station, buffer: { shell, title, ...(capacity && { capacity: Math.max(0, Math.round(capacity.value)) }) } };
}

function modelOf(plant: Plant, { utcOffsetS, shifts, values }: LineModelOptions) {
  const planned = shifts === undefined ? plant : { ...plant, shifts };
  return nominalLineModel(values === undefined ? planned : withValues(planned, values), { utcOffsetS });
}

function documentsOf(plant: Plant, names: ReadonlyMap<string, string>): ReturnType<DescribedLine["documents"]> {
  const { shell, takt, flows, products, work } = plant;
  return {
    shell,
    ...(takt && { takt }),
    stations: plant.stations.map(({ id, title, values, addedTimes, layout }) => ({
      id,
      ...(names.has(id) && { name: names.get(id)! }),
      title,
      addedTimes,
      ...(values.IdealCycleTime && { idealCycle: values.IdealCycleTime }),
      ...(layout && { layout }),
    })),
    flows,
    products,
    work,
  };
}
