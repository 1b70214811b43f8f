import type { PackView } from "@doppelwerk/kit/server";
import type { SignalRecord } from "@doppelwerk/kit";
import type { LotPassed } from "../folds/passes.ts";
import type { RangeDocument } from "../model/documents.ts";
import { concluded } from "./conclusions.ts";
import { outputSignal } from "./plant.ts";

/** Lots that left a range in [from, to), oldest first. */
export async function passesOfRange(
  view: PackView,
  signals: readonly SignalRecord[],
  range: RangeDocument,
  { from, to }: { readonly from: number; readonly to: number },
) {
  const signal = await outputSignal(view, signals, range, "pass");
  if (signal === undefined) return [];
  const found = await concluded<LotPassed>(view, signal, from, to);
  return found.map(({ at, item }) => ({
    range: range.name,
    lot: item.b,
    from: item.f,
    to: at,
    waterL: item.w,
    steamKg: item.st,
    gasM3: item.g,
    lengthM: item.m,
    worstDeviationK: item.dev,
    zone: item.zone,
  }));
}
