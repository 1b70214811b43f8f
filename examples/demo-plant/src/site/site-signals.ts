import { plantSignals } from "../signals/signal-list.ts";
import type { PlantSignal } from "../signals/signal.ts";
import { line4Signals } from "./line-4/line-4-signals.ts";
import { utilitySignals } from "./utilities/utility-signals.ts";
import { warehouseSignals } from "./warehouse/warehouse-signals.ts";

/** Line 3 alone, or the site: Line 3's signals first, then those of Line 4, the utilities and the warehouse. */
export function signalsOf({ minimal, site }: { readonly minimal: boolean; readonly site: boolean }): readonly PlantSignal[] {
  const line3 = plantSignals(minimal);
  if (!site) return line3;
  const others = [...line4Signals(), ...utilitySignals(), ...warehouseSignals()];
  return [...line3, ...others.map((draft, index) => ({ index: line3.length + index, ...draft }))];
}
