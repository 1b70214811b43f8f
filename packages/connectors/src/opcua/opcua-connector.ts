import type { Connector } from "../host/connector.ts";
import { browseServer } from "./browse.ts";
import { createOpcuaSource } from "./opcua-source.ts";

/** OPC UA client. A signal's address is `nsu=<uri>;s=…`. */
export const opcuaConnector: Connector = {
  open: (connection, signals, options) => createOpcuaSource(connection, signals, options),
  discover: (connection, options) => browseServer(connection.url, options),
};
