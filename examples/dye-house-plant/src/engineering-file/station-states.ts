import type { Submodel } from "@doppelwerk/aas";
import { plantSignals, type PlantSignal } from "../signals.ts";
import { jets } from "../truth/machines.ts";
import { functions } from "../truth/recipes.ts";
import { list, property, text } from "./element.ts";
import type { MakeSubmodel } from "./line-documents.ts";

// What the stations of the line tell of their state. No machine has a word for it: the value that shows it is read once more, as `VendorState`.

/** More than any programme has, with two additions. */
const MAX_STEPS = 60;

/** Role of the value that shows the state of a station, and which of its numbers mean that it works; 0 is idle everywhere. */
function showingState(asset: string): { readonly role: string; readonly working: readonly number[] } | undefined {
  const jet = jets.find(({ id }) => id === asset);
  if (jet?.withoutFunction === true) return { role: "Step", working: upTo(MAX_STEPS) };
  if (jet !== undefined) return { role: "Function", working: Object.values(functions).filter((word) => word > functions.idle) };
  // their drives send whole metres a minute
  const speed = asset === "WASH1" || asset === "STENTER1" ? signalOf(asset, "Speed") : undefined;
  return speed && { role: speed.role, working: upTo(speed.high ?? 0) };
}

const upTo = (last: number): readonly number[] => Array.from({ length: last }, (_, at) => at + 1);
const signalOf = (asset: string, role: string): PlantSignal | undefined =>
  plantSignals.find((signal) => signal.asset === asset && signal.role === role);

/** The signal with the role `VendorState`, at the address of the value that shows it; undefined of what is no station of the line. */
export function stateSignalOf(asset: string): PlantSignal | undefined {
  const shown = showingState(asset);
  const signal = shown && signalOf(asset, shown.role);
  if (signal === undefined) return undefined;
  const { type, texts, address } = signal;
  return { name: `${asset}.State`, asset, role: "VendorState", en: "State", zh: "状态", type, ...(texts && { texts }), address };
}

/** Submodel `StateMapping`. No word of the plant says that a machine has failed. */
export function stateMappingOf(asset: string, make: MakeSubmodel): Submodel | undefined {
  const shown = showingState(asset);
  if (shown === undefined) return undefined;
  const word = (value: number, state: string, cause: string) => [text("Word", String(value)), text("State", state), text("Cause", cause)];
  return make(asset, "StateMapping", "urn:doppelwerk:submodel:state-mapping:1:0", [
    property("Version", "xs:int", "1"),
    list("Words", [word(0, "idle", "unknown"), ...shown.working.map((value) => word(value, "working", "internal"))]),
    property("BlockedBit", "xs:boolean", "false"),
    property("StarvedBit", "xs:boolean", "false"),
    property("Neighbours", "xs:boolean", "false"),
  ]);
}
