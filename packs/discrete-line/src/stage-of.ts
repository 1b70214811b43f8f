import { fitFloor, layOutLine } from "@doppelwerk/kit";
import type { FlowSketch, LineSketch, Pose, Stage, StationForm, StationSketch } from "@doppelwerk/kit";
import { WASHING_MACHINE } from "./looks/washing-machine.ts";
import type { Plant, PlantStation, ProductShape } from "./plant.ts";

const PRODUCT_LOOKS: Readonly<Record<ProductShape, NonNullable<Stage["product"]>>> = { "washing-machine": WASHING_MACHINE };

/**
 * The line in space. The layout of room scene sets out the stations in the order of the flow, with conveyors that meet them;
 * a station whose `Layout` was edited since its import is moved by the difference, and turned by it.
 */
export function stage(plant: Plant): Stage {
  const sketch = lineSketch(plant);
  const laid = layOutLine(sketch);
  const moved = new Map<string, Pose>();
  for (const station of plant.stations) {
    const pose = movedPose(station, laid);
    if (pose) moved.set(station.id, pose);
  }
  return {
    ...(moved.size === 0 ? laid : layOutLine(sketch, moved)),
    ...(plant.productShape !== undefined && { product: PRODUCT_LOOKS[plant.productShape] }),
    floor: floorOf(plant, laid),
  };
}

/** How what vehicles tell of themselves on the plant's floor comes onto the stage: by where the stations stand on both. */
function floorOf(plant: Plant, laid: Stage): Stage["floor"] {
  return fitFloor(
    plant.stations.flatMap((station) => {
      const at = laid.stations.find((candidate) => candidate.id === station.id)?.footprint.centre;
      return station.layout && at ? [{ x: station.layout.first.x, y: station.layout.first.y, toX: at[0], toZ: at[1] }] : [];
    }),
  );
}

/** What the layout is given: forms from `PartKind`, buffers and places as they are on the branch. */
export function lineSketch(plant: Plant): LineSketch {
  const racks = plant.logistics ? 6 : 0;
  return {
    id: plant.id,
    stations: plant.stations.map((station) => stationSketch(plant, station)),
    flows: plant.flows.map((flow): FlowSketch => ({
      from: flow.from,
      to: flow.to,
      kind: flow.kind === "reject" || flow.kind === "return" ? "rework" : flow.kind,
    })),
    ...(plant.logistics ? { vehicles: plant.logistics.vehicles.value, racks } : {}),
  };
}

function stationSketch(plant: Plant, station: PlantStation): StationSketch {
  const { values } = station;
  const operators = values.Operators?.value ?? 0;
  const places = Math.max(1, values.NumberOfPlaces?.value ?? 1);
  return {
    id: station.id,
    label: station.title.en,
    form: formOf(plant, station),
    places,
    buffer: values.BufferCapacity?.value ?? 0,
    ...(operators > 0 ? { operators: operators * places } : {}),
    subject: station.shell,
  };
}

const FORMS: Readonly<Record<string, StationForm>> = {
  press: "press",
  robot: "robot-cell",
  workplace: "workplace",
  "leak-test-rack": "leak-test",
  "test-cell": "test-cells",
  "rework-bench": "rework",
  "palletiser-cell": "palletiser",
};

function formOf(plant: Plant, station: PlantStation): StationForm {
  const named = FORMS[station.layout?.partKind ?? ""];
  if (named) return named;
  const incoming = plant.flows.filter((flow) => flow.to === station.id);
  if (incoming.some((flow) => flow.kind === "reject") && !incoming.some((flow) => flow.kind === "main")) return "rework";
  if ((station.values.Operators?.value ?? 0) > 0) return "workplace";
  const name = `${station.title.en} ${station.title.zh}`;
  if (/pack(ing|er|aging)|verpack|包装/i.test(name)) return "packing";
  if (/screw|nutrunner|schraub|拧紧/i.test(name)) return "tunnel";
  return "machine";
}

/** Plant floor (y to the north, degrees against the clock) to the stage (z to the viewer, radians about +Y). */
function movedPose(station: PlantStation, laid: Stage): Pose | undefined {
  const { layout } = station;
  const at = laid.stations.find((candidate) => candidate.id === station.id);
  if (!layout || !at) return undefined;
  const [dx, dy, turned] = [layout.x - layout.first.x, layout.y - layout.first.y, layout.rotation - layout.first.rotation];
  if (dx === 0 && dy === 0 && turned === 0) return undefined;
  const [x, z] = at.footprint.centre;
  return { position: [x + dx, 0, z - dy], turn: at.footprint.turn + (turned * Math.PI) / 180 };
}
