import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, RecordId, SignalRecord } from "@doppelwerk/world";
import type { AssignedMeter } from "../contract.ts";
import type {} from "../message-codes.ts";
import { baseUnitOf, type BaseUnit, type Medium } from "../model/energy-units.ts";
import { energyMeter, type MeterExchange, type MeterFields } from "../model/meter-kind.ts";

/** A signal that counts what a place uses of a medium. */
export interface MediumMeter {
  readonly signal: SignalRecord;
  /** AAS id of the shell of the place. */
  readonly shell: string;
  readonly medium: Medium;
  readonly unit: BaseUnit;
  /** Base units in one of its units. */
  readonly factor: number;
  readonly exchanges: readonly MeterExchange[];
  readonly isAssigned: boolean;
}

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

/** Meters that people assigned, and signals that count in a unit of energy at a shell. A signal's shell is its AAS id or the id of its record. */
export function mediumMeters(view: PlantView, branch: BranchId): readonly MediumMeter[] {
  const assigned = new Map(assignedMeters(view, branch).map(({ signal, fields }) => [signal, fields]));
  const reader = view.documents.reader(branch);
  return view.signals().flatMap((signal): readonly MediumMeter[] => {
    const fields = assigned.get(signal.id);
    const base = baseUnitOf(fields?.unit ?? signal.unit);
    if (base === undefined || (fields === undefined && (signal.counter === undefined || base.unit !== "kWh"))) return [];
    if (base.unit !== "kWh" && fields?.medium === undefined) return [];
    const aasId = signal.shell === undefined ? undefined : reader.get(signal.shell)?.["aasId"];
    const shell = fields?.shell ?? (typeof aasId === "string" ? aasId : signal.shell);
    if (shell === undefined) return [];
    const { medium = "electricity", exchanges = [] } = fields ?? {};
    return [{ signal, shell, medium, ...base, exchanges, isAssigned: fields !== undefined }];
  });
}

/** Electricity meters at a shell of `shells`. */
export function metersOf(view: PlantView, branch: BranchId, shells: ReadonlySet<string>): readonly Meter[] {
  return mediumMeters(view, branch).flatMap(({ signal, shell, medium, factor, isAssigned }) =>
    medium === "electricity" && shells.has(shell) ? [{ signal, shell, kWh: factor, isAssigned }] : [],
  );
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
  const base = baseUnitOf(fields.unit ?? record.unit);
  if (base === undefined) throw new DoppelwerkError("DW_INVALID", message("energy.noUnit", { signal: record.name }));
  if (base.unit !== "kWh" && (fields.medium === undefined || fields.medium === "electricity"))
    throw new DoppelwerkError("DW_INVALID", message("energy.noMedium", { signal: record.name }));
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
