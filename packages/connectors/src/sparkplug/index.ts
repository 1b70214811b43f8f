export { createSparkplugSource } from "./sparkplug-source.ts";
export { sparkplugConnector } from "./sparkplug-connector.ts";
