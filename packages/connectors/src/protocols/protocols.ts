import { message } from "@doppelwerk/messages";
import { DoppelwerkError, type ConnectionProtocol } from "@doppelwerk/world";
import type { z } from "zod";
import type { ConnectionTarget } from "../host/connector.ts";
import { csvSettings, replaySettings } from "../files/settings.ts";
import { httpSettings } from "../http/settings.ts";
import { modbusSettings } from "../modbus/settings.ts";
import { mqttSettings } from "../mqtt/settings.ts";
import { mtconnectSettings } from "../mtconnect/settings.ts";
import { opcuaSettings } from "../opcua/settings.ts";
import { s7Settings } from "../s7/settings.ts";
import { sqlSettings } from "../sql/settings.ts";
import { enteredSettings, pushSettings } from "../push/settings.ts";
import { shdrSettings } from "../shdr/settings.ts";
import { worldSettings } from "../world/settings.ts";
import { sparkplugSettings } from "../sparkplug/settings.ts";
import { faultsOf } from "@doppelwerk/messages/faults";

export interface Protocol {
  readonly protocol: ConnectionProtocol;
  /** Schemes of its addresses; the first protocol with a scheme is meant when none is named. */
  readonly schemes: readonly string[];
  readonly example: string;
  readonly settings: z.ZodType;
}

/** Every protocol that can be connected to. The one list: command line, API and process read it. */
export const protocols: readonly Protocol[] = [
  { protocol: "opcua", schemes: ["opc.tcp:"], example: "opc.tcp://plc:4840", settings: opcuaSettings },
  { protocol: "mqtt", schemes: ["mqtt:", "mqtts:", "ws:", "wss:"], example: "mqtts://broker:8883", settings: mqttSettings },
  { protocol: "sparkplug", schemes: ["mqtt:", "mqtts:", "ws:", "wss:"], example: "mqtts://broker:8883", settings: sparkplugSettings },
  { protocol: "modbus", schemes: ["modbus+tcp:"], example: "modbus+tcp://plc:502", settings: modbusSettings },
  { protocol: "s7", schemes: ["s7:"], example: "s7://plc:102?rack=0&slot=1", settings: s7Settings },
  { protocol: "http", schemes: ["http:", "https:"], example: "https://machine/state", settings: httpSettings },
  { protocol: "mtconnect", schemes: ["http:", "https:"], example: "http://agent:5000", settings: mtconnectSettings },
  { protocol: "shdr", schemes: ["shdr:"], example: "shdr://adapter:7878", settings: shdrSettings },
  { protocol: "csv", schemes: ["file:"], example: "file:///srv/drop", settings: csvSettings },
  { protocol: "replay", schemes: ["replay:"], example: "replay:///srv/log.csv", settings: replaySettings },
  { protocol: "sql", schemes: ["postgres:", "postgresql:"], example: "postgres://host/database", settings: sqlSettings },
  { protocol: "push", schemes: ["push:"], example: "push:packing-line", settings: pushSettings },
  { protocol: "entered", schemes: ["entered:"], example: "entered:shift-book", settings: enteredSettings },
  {
    protocol: "world",
    schemes: ["world+http:", "world+https:"],
    example: "world+https://twin.example/worlds/mill",
    settings: worldSettings,
  },
];

const PORTS: ReadonlyMap<number, string> = new Map([
  [1883, "mqtt"],
  [8883, "mqtts"],
  [502, "modbus+tcp"],
  [5000, "http"],
  [7878, "shdr"],
  [5432, "postgres"],
]);
const OPCUA_PORT = 4840;

/** What people paste as an address: a host, or a host and its port, is that of the protocol that usually listens there, OPC UA where none does. */
export function wholeAddress(pasted: string): string {
  const text = pasted.trim();
  const match = /^(\[[0-9a-f:.]+\]|[\p{L}\d](?:[\p{L}\d._-]*[\p{L}\d])?)(?::(\d{1,5}))?(\/\S*)?$/iu.exec(text);
  if (match === null || text.includes("://")) return text;
  const [, host, port, path = ""] = match;
  if (port === undefined && !/[.\]]|^localhost$/.test(host!)) return text;
  const number = port === undefined ? OPCUA_PORT : Number(port);
  return `${PORTS.get(number) ?? "opc.tcp"}://${host}:${number}${path}`;
}

/** Protocols that speak through the address's scheme, most likely first; empty for an address nobody here speaks to. */
export function protocolsOf(url: string): readonly ConnectionProtocol[] {
  let scheme: string;
  try {
    scheme = new URL(url).protocol;
  } catch {
    return [];
  }
  return protocols.filter(({ schemes }) => schemes.includes(scheme)).map(({ protocol }) => protocol);
}

export function exampleAddresses(): string {
  return [...new Set(protocols.map(({ example }) => example))].join(", ");
}

/** Throws DW_INVALID with one line that says what is wrong where: an address of another protocol, a password in it, a setting. */
export function checkConnection({ protocol, url, settings }: ConnectionTarget): void {
  const known = protocols.find((each) => each.protocol === protocol);
  if (known === undefined) throw new DoppelwerkError("DW_INVALID", message("connectors.noProtocol", { protocol }));
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new DoppelwerkError(
      "DW_INVALID",
      message("connectors.addressLooksLike", { protocol, example: known.example, url: url.slice(0, 200) }),
    );
  }
  if (!known.schemes.includes(parsed.protocol))
    throw new DoppelwerkError(
      "DW_INVALID",
      message("connectors.addressLooksLike", { protocol, example: known.example, url: url.slice(0, 200) }),
    );
  // the address stands in documents, logs and exports
  if (parsed.username !== "" || parsed.password !== "")
    throw new DoppelwerkError("DW_INVALID", message("connectors.addressCarriesNoUserNoPassword", { host: parsed.host }));
  const checked = known.settings.safeParse(settings ?? {});
  if (checked.success) return;
  throw new DoppelwerkError(
    "DW_INVALID",
    message("connectors.settings", { protocol, faults: faultsOf(checked.error.issues, settings ?? {}) }),
  );
}
