import type { RecordId } from "@doppelwerk/world";
import type { Command, ConnectionDetail, ConnectionPatch, DeclaredSignal, SignalPatch, WrittenValue } from "./commands-api.ts";
import type { PlantFileFinding } from "./plants-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** Confirming what is written to machines, and what people declare of connections and signals. */
export interface CommandCalls {
  /** Repeats the value; resolves when the plant answered and the value was read back. */
  confirmCommand(id: string, value: WrittenValue): Promise<Command>;
  withdrawCommand(id: string): Promise<Command>;
  connection(id: RecordId, call?: Call): Promise<ConnectionDetail>;
  connectionSignals(
    id: RecordId,
    options?: { readonly search?: string; readonly limit?: number; readonly offset?: number },
    call?: Call,
  ): Promise<{ readonly total: number; readonly signals: readonly DeclaredSignal[] }>;
  changeConnection(id: RecordId, patch: ConnectionPatch): Promise<void>;
  /** Keeps an Asset Interfaces Description of the connection in the world; answers its AAS id. */
  describeConnection(id: RecordId): Promise<{ readonly submodel: string }>;
  /** What is wrong with the interface descriptions of the connection; at most fifty, and how many more. */
  interfaceFindings(
    id: RecordId,
    call?: Call,
  ): Promise<{ readonly findings: readonly (PlantFileFinding & { readonly submodel: string })[]; readonly more: number }>;
  declareSignal(id: RecordId, patch: SignalPatch): Promise<void>;
}

export function commandCalls(requester: Requester): CommandCalls {
  const part = encodeURIComponent;
  return {
    confirmCommand: (id, value) => requester.json("POST", `/commands/${part(id)}/confirm`, { body: { value } }),
    withdrawCommand: (id) => requester.json("DELETE", `/commands/${part(id)}`),
    connection: (id, call) => requester.json("GET", `/connections/${part(id)}`, { ...call }),
    connectionSignals: (id, options, call) => requester.json("GET", `/connections/${part(id)}/signals`, { query: { ...options }, ...call }),
    changeConnection: (id, patch) => requester.json("PATCH", `/connections/${part(id)}`, { body: patch }),
    describeConnection: (id) => requester.json("POST", `/connections/${part(id)}/interface`, { body: {} }),
    interfaceFindings: (id, call) => requester.json("GET", `/connections/${part(id)}/findings`, { ...call }),
    declareSignal: (id, patch) => requester.json("PATCH", `/signals/${part(id)}`, { body: patch }),
  };
}
