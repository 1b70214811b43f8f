import type { ConnectionRecord, RecordId, RecordReader, SignalRecord } from "@doppelwerk/world";

/** What someone is told who tried to write a value that a machine shows. */
export function howToCommand(reader: RecordReader, id: RecordId): string {
  const signal = reader.get(id) as SignalRecord | undefined;
  const connection = signal?.connection === undefined ? undefined : (reader.get(signal.connection) as ConnectionRecord | undefined);
  const how = `ask for a Command with POST /api/doppelwerk/v1/commands {"signal": "${id}", "value": …, "reason": …}`;
  if (signal?.safety === true) return `${signal.name} belongs to a safety function and is never commanded`;
  if (connection === undefined) return `the signal ${signal?.name ?? id} is derived, so no Command changes it either`;
  return connection.allowCommands === true ? how : `${how}; commands are off for the connection ${connection.name}`;
}
