import { message } from "@doppelwerk/messages";
import type { ConnectionProtocol } from "@doppelwerk/world";
import { DoppelwerkError } from "@doppelwerk/world";
import type { Connector } from "./connector.ts";

const LOADERS: Readonly<Record<ConnectionProtocol, () => Promise<Connector>>> = {
  opcua: async () => (await import("../opcua/index.ts")).opcuaConnector,
  sparkplug: async () => (await import("../sparkplug/index.ts")).sparkplugConnector,
  mqtt: async () => (await import("../mqtt/index.ts")).mqttConnector,
  http: async () => (await import("../http/index.ts")).httpConnector,
  mtconnect: async () => (await import("../mtconnect/index.ts")).mtconnectConnector,
  shdr: async () => (await import("../shdr/index.ts")).shdrConnector,
  push: async () => (await import("../push/index.ts")).pushConnector,
  entered: async () => (await import("../push/index.ts")).enteredConnector,
  csv: async () => (await import("../files/index.ts")).csvConnector,
  replay: async () => (await import("../files/index.ts")).replayConnector,
  sql: async () => (await import("../sql/index.ts")).sqlConnector,
  s7: async () => (await import("../s7/index.ts")).s7Connector,
  world: async () => (await import("../world/index.ts")).worldConnector,
  modbus: async () => (await import("../modbus/index.ts")).modbusConnector,
};

/** Loads the library of a protocol, and nothing of the others. */
export async function loadConnector(protocol: ConnectionProtocol): Promise<Connector> {
  // a record of a newer program may name one that this one does not know
  if (!Object.hasOwn(LOADERS, protocol)) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.noConnector", { protocol }));
  return LOADERS[protocol]();
}
