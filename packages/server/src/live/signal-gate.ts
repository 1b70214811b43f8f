import type { AccessGate, Principal, RecordId, SignalRecord, WorldRecord } from "@doppelwerk/world";

export interface SignalGateOptions {
  readonly gate: AccessGate;
  record(id: RecordId): SignalRecord | undefined;
  /** Of a signal that tells values of others: those others. Undefined = it tells of none; while they are unknown nobody reads it. */
  inputsOf(signal: SignalRecord): readonly RecordId[] | "unknown" | undefined;
}

/** The gate as it stands before signals: one that tells values of others is read by those who may read every one of them. */
export function createSignalGate({ gate, record, inputsOf }: SignalGateOptions): AccessGate {
  const mayRead = (principal: Principal, told: WorldRecord): boolean => {
    if (!gate.mayRead(principal, told)) return false;
    const inputs = told.kind === "signal" ? inputsOf(told as SignalRecord) : undefined;
    if (inputs === undefined) return true;
    return (
      inputs !== "unknown" &&
      inputs.every((id) => {
        const input = record(id);
        return input === undefined || gate.mayRead(principal, input);
      })
    );
  };
  // while the inputs of a signal are unknown, nobody reads it
  return { ...gate, mayRead, mayReadAll: () => false };
}
