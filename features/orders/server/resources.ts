import { readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId } from "@doppelwerk/world";
import {
  costRates,
  materialDefinition,
  materialLot,
  RATES,
  type LotFields,
  type MaterialFields,
  type RateFields,
} from "../model/resource-kinds.ts";

/** By name. */
export function materialsOf(view: PlantView, branch: BranchId): readonly MaterialFields[] {
  return view.documents
    .reader(branch)
    .query({ kind: materialDefinition.record })
    .flatMap((record) => readDocument(materialDefinition, record) ?? [])
    .toSorted((a, b) => (a.material < b.material ? -1 : 1));
}

export function lotsOf(view: PlantView, branch: BranchId): readonly LotFields[] {
  return view.documents
    .reader(branch)
    .query({ kind: materialLot.record })
    .flatMap((record) => readDocument(materialLot, record) ?? [])
    .toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
}

export function ratesOf(view: PlantView, branch: BranchId): RateFields | undefined {
  const record = view.documents.reader(branch).get(RATES);
  return record && readDocument(costRates, record);
}
