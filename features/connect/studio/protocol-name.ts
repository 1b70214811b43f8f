import type { Translate } from "@doppelwerk/kit/studio";

const CODES = {
  opcua: "connect.protocols.opcua",
  mqtt: "connect.protocols.mqtt",
  sparkplug: "connect.protocols.sparkplug",
  modbus: "connect.protocols.modbus",
  s7: "connect.protocols.s7",
  http: "connect.protocols.http",
  mtconnect: "connect.protocols.mtconnect",
  shdr: "connect.protocols.shdr",
  csv: "connect.protocols.csv",
  sql: "connect.protocols.sql",
  push: "connect.protocols.push",
  entered: "connect.protocols.entered",
  replay: "connect.protocols.replay",
} as const;

/** The name of a protocol as people know it; one of a pack has the name that the pack gives it. */
export function protocolName(protocol: string, t: Translate): string {
  return Object.hasOwn(CODES, protocol) ? t(CODES[protocol as keyof typeof CODES]) : protocol;
}
