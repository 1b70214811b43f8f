export { createSparkplugSource } from "./sparkplug-source.ts";
