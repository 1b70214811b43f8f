import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId, SignalRecord } from "@doppelwerk/world";
import type { AssignedMeter } from "../contract.ts";
import type {} from "../message-codes.ts";
import { kWhOf } from "../model/energy-units.ts";
import { energyMeter, type MeterFields } from "../model/meter-kind.ts";

/** A signal that counts energy of a place. */
export interface Meter {
  readonly signal: SignalRecord;
  /** AAS id of the shell of the line or station. */
  readonly shell: string;
  /** kWh in one of its units. */
  readonly kWh: number;
  readonly isAssigned: boolean;
}

const documentId = (signal: RecordId): RecordId => hashedId("energyMeter", "signal", signal);

/** Those of signals that may be read. */
export function assignedMeters(view: PlantView, branch: BranchId): AssignedMeter[] {
  return view.documents
    .reader(branch)
    .query({ kind: energyMeter.record })
    .flatMap((record) => {
      const document = readDocument(energyMeter, record);
      if (document === undefined || !view.mayReadSignal(document.signal)) return [];
      const { signal, ...fields } = document;
      return [{ signal, fields }];
    })
    .toSorted((a, b) => (a.signal < b.signal ? -1 : 1));
}

/** Meters that people assigned, and signals that count in a unit of energy at a shell of `shells`. A signal's shell is its AAS id or the id of its record. */
export function metersOf(view: PlantView, branch: BranchId, shells: ReadonlySet<string>): readonly Meter[] {
  const assigned = new Map(assignedMeters(view, branch).map(({ signal, fields }) => [signal, fields]));
  const reader = view.documents.reader(branch);
  return view.signals().flatMap((signal): readonly Meter[] => {
    const fields = assigned.get(signal.id);
    const kWh = kWhOf(fields?.unit ?? signal.unit);
    if (kWh === undefined || (fields === undefined && signal.counter === undefined)) return [];
    const aasId = signal.shell === undefined ? undefined : reader.get(signal.shell)?.["aasId"];
    const shell = fields?.shell ?? (typeof aasId === "string" ? aasId : signal.shell);
    return shell !== undefined && shells.has(shell) ? [{ signal, shell, kWh, isAssigned: fields !== undefined }] : [];
  });
}

/** Throws DW_NOT_FOUND where there is no such signal, DW_INVALID where nobody says its unit. */
export async function storeMeter(
  view: PlantView,
  branch: BranchId,
  signal: RecordId,
  { fields, reason }: { readonly fields: MeterFields; readonly reason?: string | undefined },
): Promise<AssignedMeter> {
  const record = view.signal(signal);
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("energy.noSignal", { id: signal.slice(0, 200) }));
  if (kWhOf(fields.unit ?? record.unit) === undefined)
    throw new DoppelwerkError("DW_INVALID", message("energy.noUnit", { signal: record.name }));
  const id = documentId(signal);
  const change = documentChange(energyMeter, id, view.documents.reader(branch).get(id), { ...fields, signal });
  if (change)
    await view.documents.apply({ branch, reason: reason || message("energy.logStored", { signal: record.name }), changes: [change] });
  return { signal, fields };
}

/** Throws DW_NOT_FOUND. */
export async function removeMeter(view: PlantView, branch: BranchId, signal: RecordId, reason: string | undefined): Promise<void> {
  const record = view.documents.reader(branch).get(documentId(signal));
  const name = view.signal(signal)?.name;
  if (record === undefined || name === undefined)
    throw new DoppelwerkError("DW_NOT_FOUND", message("energy.noSignal", { id: signal.slice(0, 200) }));
  await view.documents.apply({
    branch,
    reason: reason || message("energy.logRemoved", { signal: name }),
    changes: [{ op: "delete", record }],
  });
}
