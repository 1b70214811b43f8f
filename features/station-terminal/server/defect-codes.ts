import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId } from "@doppelwerk/world";
import type { DefectCode } from "../contract.ts";
import type {} from "../message-codes.ts";
import { defectCode, defectCodeText, defectsInForce, type DefectFields, type HeldDefect } from "../model/defect-kind.ts";

export function defectDocumentId(code: string): RecordId {
  return hashedId("defectCode", "code", code);
}

export function heldDefects(view: PlantView, branch: BranchId): readonly HeldDefect[] {
  const stored = new Map<string, DefectFields>();
  for (const record of view.documents.reader(branch).query({ kind: defectCode.record })) {
    const document = readDocument(defectCode, record);
    if (document === undefined) continue;
    const { code, ...fields } = document;
    stored.set(code, fields);
  }
  return defectsInForce(stored);
}

/** Those that are offered at a station. */
export function defectsAt(view: PlantView, branch: BranchId, station: string): readonly HeldDefect[] {
  return heldDefects(view, branch).filter(
    ({ fields: { isRetired, stations } }) => !isRetired && (stations.length === 0 || stations.includes(station)),
  );
}

export async function storeDefect(view: PlantView, branch: BranchId, code: string, fields: DefectFields): Promise<DefectCode> {
  if (!defectCodeText.safeParse(code).success)
    throw new DoppelwerkError("DW_INVALID", message("stationTerminal.fault.code", { code: code.slice(0, 100) }));
  const id = defectDocumentId(code);
  const change = documentChange(defectCode, id, view.documents.reader(branch).get(id), { ...fields, code });
  if (change)
    await view.documents.apply({ branch, reason: message("stationTerminal.log.defectCode", { title: fields.title }), changes: [change] });
  return { code, fields, isStored: true };
}

/** Errors: DW_NOT_FOUND. */
export async function removeDefect(view: PlantView, branch: BranchId, code: string): Promise<void> {
  const record = view.documents.reader(branch).get(defectDocumentId(code));
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noDefect", { code: code.slice(0, 100) }));
  await view.documents.apply({
    branch,
    reason: message("stationTerminal.log.defectCodeGone", { code }),
    changes: [{ op: "delete", record }],
  });
}
