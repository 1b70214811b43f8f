import type { RecordId } from "@doppelwerk/world";
import type { Command } from "./commands-api.ts";
import type { ConnectionRequest } from "./connections-api.ts";
import type {
  CallRequest,
  KnownCertificate,
  LogColumns,
  OpcuaRole,
  OpcuaServer,
  PlantFileOffer,
  PlantOffer,
  PresentValue,
  SeverityMapping,
} from "./plants-api.ts";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** Plants: looked at, trusted, listened to, and told something by commands that are confirmed. */
export interface PlantCalls {
  /** What an address offers; nothing is taken. */
  lookInto(plant: ConnectionRequest, call?: Call): Promise<PlantOffer>;
  /** What a file tells of a plant; nothing is taken, and it is held for a proposal. `columns` of an event log where their names do not tell. */
  lookIntoFile(
    file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer>; readonly columns?: LogColumns },
    call?: Call,
  ): Promise<PlantFileOffer>;
  /** What the plant of a connection offers now. */
  offerOf(connection: RecordId, call?: Call): Promise<PlantOffer>;
  /** What stands at addresses of a plant, in their order; empty where it cannot be asked. */
  presentValues(
    plant: ConnectionRequest & { readonly addresses: readonly string[] },
    call?: Call,
  ): Promise<readonly (PresentValue | null)[]>;
  /** Takes the conditions of the plant as alarms. */
  takeAlarms(
    connection: RecordId,
    mapping: SeverityMapping & { readonly addresses?: readonly string[] },
  ): Promise<{ readonly taken: number; readonly changed: number }>;
  certificates(call?: Call): Promise<readonly KnownCertificate[]>;
  decideCertificate(thumbprint: string, decision: KnownCertificate["decision"]): Promise<KnownCertificate>;
  opcuaServer(call?: Call): Promise<OpcuaServer>;
  putOpcuaReader(name: string, reader: { readonly password: string; readonly role: OpcuaRole }): Promise<void>;
  removeOpcuaReader(name: string): Promise<void>;
  putSecret(name: string, secret: { readonly username?: string; readonly password?: string; readonly token?: string }): Promise<void>;
  /** Asks for a method to be called; nothing is sent before `confirmCommand`. */
  askCall(request: CallRequest): Promise<Command>;
}

export function plantCalls(requester: Requester): PlantCalls {
  const part = encodeURIComponent;
  return {
    lookInto: (plant, call) => requester.json("POST", "/connections/browse", { body: plant, ...call }),
    lookIntoFile: ({ name, bytes, columns }, call) =>
      requester.json("POST", "/plant-files", { query: { ...columns, name }, body: bytes, ...call }),
    offerOf: (connection, call) => requester.json("POST", `/connections/${part(connection)}/browse`, { ...call }),
    presentValues: (plant, call) => requester.json("POST", "/connections/values", { body: plant, ...call }),
    takeAlarms: (connection, mapping) => requester.json("POST", `/connections/${part(connection)}/alarms`, { body: mapping }),
    certificates: (call) => requester.json("GET", "/certificates", { ...call }),
    decideCertificate: (thumbprint, decision) => requester.json("PUT", `/certificates/${part(thumbprint)}`, { body: { decision } }),
    opcuaServer: (call) => requester.json("GET", "/opcua-server", { ...call }),
    putOpcuaReader: (name, reader) => requester.json("PUT", `/opcua-server/readers/${part(name)}`, { body: reader }),
    removeOpcuaReader: (name) => requester.json("DELETE", `/opcua-server/readers/${part(name)}`),
    putSecret: (name, secret) => requester.json("PUT", `/secrets/${part(name)}`, { body: secret }),
    askCall: (request) => requester.json("POST", "/calls", { body: request }),
  };
}
