import type { Connector } from "../host/connector.ts";
import { discoverNodes } from "./discover.ts";
import { sparkplugSettings } from "./settings.ts";
import { createSparkplugSource } from "./sparkplug-source.ts";

/** Sparkplug B 3.0 host application. A signal's address is `group/node/device/metric`. */
export const sparkplugConnector: Connector = {
  open(connection, signals, options) {
    const { hostId, ca, keepaliveS } = sparkplugSettings.parse(connection.settings ?? {});
    return createSparkplugSource(connection, signals, { ...options, hostId, ca, keepaliveS });
  },
  discover: ({ url, settings }, options) => discoverNodes(url, sparkplugSettings.parse(settings ?? {}), options),
};
