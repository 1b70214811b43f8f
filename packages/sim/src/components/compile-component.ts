import { streamOf } from "../random/philox.ts";
import { compileSource } from "./compile-source.ts";
import { addWorking, orderOf } from "./compile-working.ts";
import { BUFFER, CONVEYOR, CUSTOM, ROBOT, SINK, SOURCE, TRANSPORT } from "./compiled-flow.ts";
import type { ComponentDefinition } from "./component-definition.ts";
import { type FlowDraft, type NodeDraft, required } from "./flow-draft.ts";
import type { FlowComponent } from "./flow-model.ts";
import { MICROSECONDS, compileTime } from "./flow-time.ts";

type Of<T extends FlowComponent["type"]> = Extract<FlowComponent, { type: T }>;

/** Adds the nodes of a component. Tanks and pipes have none. */
export function addComponent(draft: FlowDraft, index: number, definitions: readonly ComponentDefinition[]): void {
  const component = draft.model.components[index]!;
  switch (component.type) {
    case "tank":
    case "pipe":
      return;
    case "station":
    case "assembly":
    case "pack":
    case "unpack":
    case "disassembly":
      return addWorking(draft, component, index);
    default:
      draft.enterAt(component.id, addSimple(draft, component, index, definitions).index);
  }
}

type Simple = Of<"source" | "sink" | "buffer" | "conveyor" | "transport" | "robot" | "custom">;

/** A component that is one node. */
function addSimple(draft: FlowDraft, component: Simple, index: number, definitions: readonly ComponentDefinition[]): NodeDraft {
  const { id } = component;
  switch (component.type) {
    case "source": {
      const source = compileSource(component, (product) => draft.productOf(product), draft.products.length);
      return draft.add(id, SOURCE, index, { source, capacity: Infinity });
    }
    case "sink":
      return draft.add(id, SINK, index, { places: 0, counts2: component.counts ?? "good" });
    case "buffer":
      return draft.add(id, BUFFER, index, {
        capacity: component.capacity ?? Infinity,
        order: orderOf(component.order),
        dwell: component.dwell === undefined ? undefined : compileTime(component.dwell),
        dwellStream: streamOf(id, "dwell"),
      });
    case "conveyor":
      return draft.add(id, CONVEYOR, index, {
        capacity: Math.max(1, Math.floor(component.lengthM / component.pitchM + 1e-9)),
        travel: Math.round((component.lengthM / component.speedMps) * MICROSECONDS),
        gap: Math.round((component.pitchM / component.speedMps) * MICROSECONDS),
        accumulating: component.accumulating !== false,
      });
    case "transport":
      return addTransport(draft, component, index);
    case "robot":
      return addRobot(draft, component, index);
    case "custom":
      return addCustom(draft, component, index, definitions);
  }
}

function addTransport(draft: FlowDraft, component: Of<"transport">, index: number): NodeDraft {
  const { fleets, points } = draft.network;
  const fleet = required(
    fleets.findIndex((candidate) => candidate.id === component.fleet),
    `fleet ${component.fleet}`,
  );
  return draft.add(component.id, TRANSPORT, index, {
    capacity: component.capacity ?? Infinity,
    places: fleets[fleet]!.vehicles,
    fleet,
    point: required(points.indexOf(component.at), `point ${component.at}`),
    rank: component.priority ?? 0,
  });
}

function addRobot(draft: FlowDraft, component: Of<"robot">, index: number): NodeDraft {
  const robots = draft.model.robots ?? [];
  return draft.add(component.id, ROBOT, index, {
    capacity: 1,
    robot: required(
      robots.findIndex((robot) => robot.id === component.robot),
      `robot ${component.robot}`,
    ),
    point: required(draft.positionOf(component.at), `position ${component.at}`),
    rank: component.priority ?? 0,
  });
}

function addCustom(draft: FlowDraft, component: Of<"custom">, index: number, definitions: readonly ComponentDefinition[]): NodeDraft {
  const definition = definitions.find((candidate) => candidate.model === component.model);
  if (definition === undefined) throw new Error(`component ${component.id} wants the model ${component.model}, which nobody brought`);
  const node = draft.add(component.id, CUSTOM, index, {
    capacity: Infinity,
    definition,
    parameters: { ...definition.parameters, ...component.parameters },
    firstColumn: draft.columns,
  });
  draft.columns += Object.keys(definition.columns).length;
  return node;
}
