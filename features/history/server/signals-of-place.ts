import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow, LivePlaces } from "@doppelwerk/ports";
import { LIVE, type RecordId, type SignalRecord } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

/**
 * Every signal that the caller may read of a place, or of the place of a line, and of all in it. Errors: DW_NOT_FOUND where there is no such place, it may
 * not be read, or nothing of it has a signal.
 */
export async function signalsOfPlace(
  view: PlantView,
  { place, line }: { readonly place?: RecordId | undefined; readonly line?: RecordId | undefined },
  { flow, places }: { readonly flow: LineFlow | undefined; readonly places: LivePlaces | undefined },
): Promise<readonly SignalRecord[]> {
  const reader = view.documents.reader(LIVE);
  const shell = line === undefined ? undefined : (await flow?.lines())?.lines.find(({ id }) => id === line)?.shell;
  const [owner] = shell === undefined ? [] : reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
  const root = place ?? owner?.id;
  const within = root === undefined ? [] : (places?.within(root) ?? []);
  const shells = new Set(within.map((id) => reader.get(id)?.["aasId"]));
  const signals = view.signals().filter((signal) => signal.shell !== undefined && shells.has(signal.shell));
  if (signals.length === 0)
    throw new DoppelwerkError("DW_NOT_FOUND", message("history.noSignalsOfPlace", { place: (place ?? line ?? "").slice(0, 200) }));
  return signals;
}
