// Copies of the demo plant's Line 3 beside each other: every name of a station, vehicle, edge node or shell has the number of its line.
import type { Environment, Shell, Submodel } from "@doppelwerk/aas";
import { hierarchy } from "../../examples/demo-plant/src/engineering-file/hierarchy.ts";
import { assetId, below, submodelId } from "../../examples/demo-plant/src/engineering-file/shell-book.ts";
import { plantSignals } from "../../examples/demo-plant/src/signals/signal-list.ts";
import type { PlantSignal } from "../../examples/demo-plant/src/signals/signal.ts";

const SHARED: readonly string[] = ["Site", "Hall2"];

/** `S010` of line 7 is `L7S010`, `Line3` is `Line7`. */
function renamed(text: string, line: number): string {
  return text
    .replace(/\b(T\d0|S\d\d0|R10|AGV\d|AgvFleet)\b/g, `L${line}$1`)
    .replace(/\bLine3\b/g, `Line${line}`)
    .replace(/\bSN_/g, `SN_L${line}_`)
    .replace(/(?<=:machine:)/g, `L${line}-`);
}

function deep<Value>(value: Value, line: number): Value {
  return JSON.parse(JSON.stringify(value), (_, part: unknown) => (typeof part === "string" ? renamed(part, line) : part)) as Value;
}

/** The signals of all lines; those of line n (from 1) begin at (n − 1) × the number of signals of one. */
export function signalsOfLines(lines: number): readonly PlantSignal[] {
  const own = plantSignals();
  return Array.from({ length: lines }, (_, at) =>
    own.map((signal): PlantSignal => ({
      ...signal,
      ...deep({ name: signal.name, asset: signal.asset, address: signal.address }, at + 1),
      index: at * own.length + signal.index,
    })),
  ).flat();
}

/** The engineering file of one line as that of several in one hall. */
export function environmentOfLines(one: Environment, lines: number): Environment {
  const isShared = ({ idShort, id }: Shell | Submodel): boolean => SHARED.some((name) => idShort === name || id.includes(`:${name}:`));
  const copies = Array.from({ length: lines }, (_, at) => at + 1);
  const own = <Part extends Shell | Submodel>(parts: readonly Part[] = []): Part[] =>
    copies.flatMap((line) =>
      deep(
        parts.filter((part) => !isShared(part)),
        line,
      ),
    );
  const hall = hierarchy(
    submodelId("Hall2", "HierarchicalStructures"),
    { asset: assetId("Hall2") },
    below(...copies.map((line) => `Line${line}`)),
  );
  return {
    ...one,
    assetAdministrationShells: [...(one.assetAdministrationShells ?? []).filter(isShared), ...own(one.assetAdministrationShells)],
    submodels: [...(one.submodels ?? []).filter((part) => isShared(part) && part.id !== hall.id), hall, ...own(one.submodels)],
  };
}
