export {
  startConnectorHost,
  type ConnectedSource,
  type ConnectorHost,
  type ConnectorHostOptions,
  type OpenOptions,
} from "./connector-host.ts";
export type { SourceTiming } from "./source-timing.ts";
