import type { AccessGate, Principal, RecordId, SignalRecord, WorldRecord } from "@doppelwerk/world";

export interface SignalGateOptions {
  readonly gate: AccessGate;
  record(id: RecordId): SignalRecord | undefined;
  /** Of a signal that tells values of others: those others. Undefined = it tells of none. */
  inputsOf(signal: SignalRecord): readonly RecordId[] | undefined;
}

/** The gate as it stands before signals: one that tells values of others is read by those who may read every one of them. */
export function createSignalGate({ gate, record, inputsOf }: SignalGateOptions): AccessGate {
  const mayRead = (principal: Principal, signal: WorldRecord): boolean =>
    gate.mayRead(principal, signal) &&
    (signal.kind !== "signal" ||
      (inputsOf(signal as SignalRecord) ?? []).every((id) => {
        const input = record(id);
        return input === undefined || gate.mayRead(principal, input);
      }));
  return { ...gate, mayRead };
}
