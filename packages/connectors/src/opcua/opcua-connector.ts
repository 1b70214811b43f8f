import type { Connector } from "../host/connector.ts";
import { browseServer } from "./browse.ts";
import { lookAt } from "./look.ts";
import { createOpcuaSource } from "./opcua-source.ts";
import { opcuaSettings } from "./settings.ts";

/** OPC UA client. A signal's address is `nsu=<uri>;s=…`, with `#/3` or `#/field` behind it for an element of an array or a field of a structure. */
export const opcuaConnector: Connector = {
  open(connection, signals, options) {
    const { publishingIntervalMs, samplingIntervalMs, queueSize, ...security } = opcuaSettings.parse(connection.settings ?? {});
    return createOpcuaSource(connection, signals, { ...options, publishingIntervalMs, samplingIntervalMs, queueSize, security });
  },
  discover({ url, settings }, options) {
    return browseServer(url, { dataDir: options.dataDir, secret: options.secret, security: opcuaSettings.parse(settings ?? {}) });
  },
  look: lookAt,
};
