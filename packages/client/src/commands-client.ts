import type { RecordId } from "@doppelwerk/world";
import type {
  Command,
  CommandTarget,
  ConnectionDetail,
  ConnectionPatch,
  DeclaredSignal,
  Entry,
  EntrySignal,
  EntryWish,
  SignalPatch,
  WrittenValue,
} from "./commands-api.ts";
import type { PlantFileFinding } from "./plants-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** What people write to machines, what they type in, and what they declare of connections and signals. */
export interface CommandCalls {
  commands(limit?: number, call?: Call): Promise<readonly Command[]>;
  commandTargets(search?: string, call?: Call): Promise<readonly CommandTarget[]>;
  /** Asks; nothing is written before `confirmCommand`. */
  requestCommand(wish: { readonly signal: RecordId; readonly value: WrittenValue; readonly reason: string }): Promise<Command>;
  /** Repeats the value; resolves when the plant answered and the value was read back. */
  confirmCommand(id: string, value: WrittenValue): Promise<Command>;
  withdrawCommand(id: string): Promise<Command>;
  entrySignals(call?: Call): Promise<readonly EntrySignal[]>;
  entries(options?: { readonly limit?: number; readonly signal?: RecordId }, call?: Call): Promise<readonly Entry[]>;
  enter(wish: EntryWish): Promise<Entry>;
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
    commands: (limit, call) => requester.json("GET", "/commands", { query: { limit }, ...call }),
    commandTargets: (search, call) => requester.json("GET", "/commands/targets", { query: { search }, ...call }),
    requestCommand: (wish) => requester.json("POST", "/commands", { body: wish }),
    confirmCommand: (id, value) => requester.json("POST", `/commands/${part(id)}/confirm`, { body: { value } }),
    withdrawCommand: (id) => requester.json("DELETE", `/commands/${part(id)}`),
    entrySignals: (call) => requester.json("GET", "/entries/signals", { ...call }),
    entries: (options, call) => requester.json("GET", "/entries", { query: { ...options }, ...call }),
    enter: (wish) => requester.json("POST", "/entries", { body: wish }),
    connection: (id, call) => requester.json("GET", `/connections/${part(id)}`, { ...call }),
    connectionSignals: (id, options, call) => requester.json("GET", `/connections/${part(id)}/signals`, { query: { ...options }, ...call }),
    changeConnection: (id, patch) => requester.json("PATCH", `/connections/${part(id)}`, { body: patch }),
    describeConnection: (id) => requester.json("POST", `/connections/${part(id)}/interface`, { body: {} }),
    interfaceFindings: (id, call) => requester.json("GET", `/connections/${part(id)}/findings`, { ...call }),
    declareSignal: (id, patch) => requester.json("PATCH", `/signals/${part(id)}`, { body: patch }),
  };
}
