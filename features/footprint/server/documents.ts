import { documentChange, DoppelwerkError, hashedId, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type { KnownFactor, KnownGrid } from "../contract.ts";
import type {} from "../message-codes.ts";
import {
  carbonFactor,
  gridDay,
  gridSource,
  type FactorFields,
  type GridFields,
  type StoredFactor,
  type StoredGridDay,
} from "../model/carbon-kinds.ts";

const GRID_ID: RecordId = hashedId("gridCarbonSource", "of", "plant");
export const factorId = (name: string): RecordId => hashedId("carbonFactor", "name", name);
export const gridDayId = (zone: string, day: string): RecordId => hashedId("gridCarbonDay", zone, day);

/** By zone and day. */
export function gridDaysOf(view: PlantView, branch: BranchId): readonly StoredGridDay[] {
  return view.documents
    .reader(branch)
    .query({ kind: gridDay.record })
    .flatMap((record) => readDocument(gridDay, record) ?? [])
    .toSorted((a, b) => (a.zone === b.zone ? (a.day < b.day ? -1 : 1) : a.zone < b.zone ? -1 : 1));
}

/** Undefined: none is named, or its signal may not be read. */
export function gridOf(view: PlantView, branch: BranchId): GridFields | undefined {
  const record = view.documents.reader(branch).get(GRID_ID);
  const fields = record && readDocument(gridSource, record);
  return fields?.signal !== undefined && !view.mayReadSignal(fields.signal) ? undefined : fields;
}

export function knownGrid(view: PlantView, branch: BranchId): KnownGrid {
  const fields = gridOf(view, branch);
  return { ...(fields && { fields }), days: gridDaysOf(view, branch).filter(({ zone }) => zone === fields?.zone).length };
}

/** Throws DW_INVALID where its signal is none that can be read. */
export async function storeGrid(view: PlantView, branch: BranchId, fields: GridFields, reason: string | undefined): Promise<KnownGrid> {
  if (fields.signal !== undefined && view.signal(fields.signal) === undefined)
    throw new DoppelwerkError("DW_INVALID", message("footprint.noSignal"));
  if (view.hides(branch, GRID_ID)) throw new DoppelwerkError("DW_NOT_FOUND", message("footprint.noGrid"));
  const change = documentChange(gridSource, GRID_ID, view.documents.reader(branch).get(GRID_ID), fields);
  if (change)
    await view.documents.apply({ branch, reason: reason || message("footprint.gridStored", { zone: fields.zone }), changes: [change] });
  return knownGrid(view, branch);
}

/** By what they are of, then by the day that each begins. */
export function factorsOf(view: PlantView, branch: BranchId): readonly StoredFactor[] {
  return view.documents
    .reader(branch)
    .query({ kind: carbonFactor.record })
    .flatMap((record) => readDocument(carbonFactor, record) ?? [])
    .toSorted((a, b) => (a.of === b.of ? (a.validFrom < b.validFrom ? -1 : 1) : a.of < b.of ? -1 : 1));
}

export function listFactors(view: PlantView, branch: BranchId): KnownFactor[] {
  return factorsOf(view, branch).map(({ name, ...fields }) => ({ name, fields }));
}

/** Throws DW_CONFLICT where another one is stored than was expected (`null`: none). */
export async function storeFactor(
  view: PlantView,
  branch: BranchId,
  name: string,
  {
    fields,
    expected,
    reason,
  }: { readonly fields: FactorFields; readonly expected?: FactorFields | null | undefined; readonly reason?: string | undefined },
): Promise<KnownFactor> {
  const id = factorId(name);
  if (view.hides(branch, id)) throw new DoppelwerkError("DW_NOT_FOUND", message("footprint.noFactor", { name }));
  const known = listFactors(view, branch).find((each) => each.name === name);
  if (expected !== undefined && !isSameJson(known?.fields ?? null, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("footprint.factorChanged", { name }));
  const change = documentChange(carbonFactor, id, view.documents.reader(branch).get(id), { ...fields, name });
  if (change) await view.documents.apply({ branch, reason: reason || message("footprint.factorStored", { name }), changes: [change] });
  return { name, fields };
}

/** Throws DW_NOT_FOUND. */
export async function removeFactor(view: PlantView, branch: BranchId, name: string, reason: string | undefined): Promise<void> {
  const record = view.documents.reader(branch).get(factorId(name));
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("footprint.noFactor", { name: name.slice(0, 60) }));
  await view.documents.apply({
    branch,
    reason: reason || message("footprint.factorRemoved", { name }),
    changes: [{ op: "delete", record }],
  });
}
