import { documentChange, DoppelwerkError, hashedId, isSameJson, message, readDocument, readersOfAll } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Change, RecordId, WorldRecord } from "@doppelwerk/world";
import type { StoredDisplay } from "../contract.ts";
import type {} from "../message-codes.ts";
import { signalDisplay, type DisplayBands } from "../model/display-kind.ts";

/** The record that holds how a signal is shown. */
export function displayDocumentId(signal: RecordId): RecordId {
  return hashedId("signalDisplay", "signal", signal);
}

/** Those of signals that may be read. */
export function listDisplays(view: PlantView, branch: BranchId): StoredDisplay[] {
  return view.documents
    .reader(branch)
    .query({ kind: "signalDisplay" })
    .flatMap((record) => {
      const stored = storedOf(record);
      return stored !== undefined && view.mayReadSignal(stored.signal) ? [stored] : [];
    });
}

interface Edit {
  readonly bands: DisplayBands;
  readonly expected?: DisplayBands | undefined;
  readonly reason?: string | undefined;
}

/** Without any band what is stored is removed. Throws DW_NOT_FOUND (signal), DW_CONFLICT where other bands are stored than were expected. */
export async function storeDisplay(
  view: PlantView,
  branch: BranchId,
  signal: RecordId,
  { bands, expected, reason }: Edit,
): Promise<StoredDisplay> {
  const known = view.signal(signal);
  if (known === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("history.noSignalId", { id: signal.slice(0, 200) }));
  const id = displayDocumentId(signal);
  const before = view.documents.reader(branch).get(id);
  if (expected && !isSameJson((before && storedOf(before)?.bands) ?? {}, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("history.displayChangedMeanwhile", { name: known.name }));
  const isEmpty = Object.values(bands).every((band) => band === undefined);
  const change: Change | undefined = !isEmpty
    ? documentChange(signalDisplay, id, before, { ...bands, signal }, readersOfAll([known as unknown as WorldRecord]))
    : before && { op: "delete", record: before };
  if (change) await view.documents.apply({ branch, reason: reason || "display of a signal", changes: [change] });
  return { signal, bands };
}

function storedOf(record: WorldRecord): StoredDisplay | undefined {
  const document = readDocument(signalDisplay, record);
  if (document === undefined) return undefined;
  const { signal, ...bands } = document;
  return { signal, bands };
}
