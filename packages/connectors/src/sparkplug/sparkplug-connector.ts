import type { Connector } from "../host/connector.ts";
import { createSparkplugSource } from "./sparkplug-source.ts";

/** Sparkplug B 3.0 host application. A signal's address is `group/node/device/metric`. */
export const sparkplugConnector: Connector = {
  open: (connection, signals, options) => createSparkplugSource(connection, signals, options),
  async discover() {
    throw new Error("discovery of Sparkplug is not there yet");
  },
};
