import { message, type Message } from "@doppelwerk/kit";
import { DoppelwerkError, LIVE, type FieldChange, type Json, type RecordId, type SignalRecord, type WorldView } from "@doppelwerk/world";
import type { SignalPatch } from "../../connection-shapes.ts";
import type {} from "../../message-codes.ts";

/** Types that a person may exchange; the others are the plant's. */
const CHOOSABLE: ReadonlySet<string> = new Set(["double", "integer", "string"]);

/** Throws DW_NOT_FOUND, DW_INVALID, and DW_FORBIDDEN where the person may not: `safety` and `commandWhen` are an administrator's. */
export async function declareSignal(view: WorldView, id: RecordId, patch: SignalPatch): Promise<void> {
  const reader = view.reader(LIVE);
  const signal = reader.get(id) as SignalRecord | undefined;
  if (signal?.kind !== "signal") throw new DoppelwerkError("DW_NOT_FOUND", message("connect.noSignalId", { id: id.slice(0, 100) }));
  const refuse = (why: Message): never => {
    throw new DoppelwerkError("DW_INVALID", why);
  };
  const { low = signal.low, high = signal.high } = patch;
  if (typeof low === "number" && typeof high === "number" && low >= high)
    refuse(message("connect.lowEndDisplayBandLiesBelow", { name: signal.name }));
  const { valueType = signal.valueType } = patch;
  if (valueType !== signal.valueType && !CHOOSABLE.has(signal.valueType))
    refuse(message("connect.typeNotDeclared", { name: signal.name, type: signal.valueType }));
  if (patch.counter && valueType !== "integer" && valueType !== "double") refuse(message("connect.numberCounter", { name: signal.name }));
  for (const { signal: condition } of patch.commandWhen ?? []) {
    if (condition === id) refuse(message("connect.signalNoConditionOwn", { name: signal.name }));
    if (reader.get(condition)?.kind !== "signal") refuse(message("connect.noSignalIdCondition", { condition: condition.slice(0, 100) }));
  }
  const declared = valueType === "string" ? { ...patch, ...withoutNumber(signal) } : patch;
  const fields = Object.entries(declared)
    .map(([name, to]) => [name, { from: signal[name] as Json | undefined, to: (to ?? undefined) as Json | undefined }] as const)
    .filter(([, { from, to }]) => JSON.stringify(from) !== JSON.stringify(to));
  if (fields.length === 0) return;
  const changed: Record<string, FieldChange> = Object.fromEntries(fields);
  await view.apply({
    branch: LIVE,
    reason: message("changes.logSignalDeclared", { name: signal.name }),
    changes: [{ op: "update", id, fields: changed }],
  });
}

/** What only a number can have, taken back. */
function withoutNumber(signal: SignalRecord): Readonly<Record<string, null>> {
  const ofNumbers = ["low", "high", "resolution", "counter", "deadband", "scale"] as const;
  return Object.fromEntries(ofNumbers.filter((name) => signal[name] !== undefined).map((name) => [name, null]));
}
