import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { faultNames, isFaultName, siteFaults, type FaultName } from "./truth/fault.ts";

export interface PlantOptions {
  readonly data: string;
  readonly seed: number;
  readonly speed: number;
  readonly fault: FaultName | undefined;
  readonly opcuaPort: number;
  readonly mqttPort: number;
  /** URL of a broker to use instead of an own one. */
  readonly mqtt: string | undefined;
  readonly modbusPort: number;
  /** Where the server listens that Line 4 and the warehouse send to. */
  readonly push: string | undefined;
  readonly minimal: boolean;
  readonly site: boolean;
  /** The programs beside the plant: orders, scanners, test bench and others. */
  readonly factory: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `demo plant: a washing machine line on OPC UA and Sparkplug B

  node examples/demo-plant/src/main.ts [options]

  --data DIR        its folder: plant.aasx, keys, clock (default ./demo-plant-data)
  --seed N          another plant (default 3)
  --speed X         1 is real time; faster starts that much further in the past and never passes the present
  --fault NAME      switched on from the start: ${faultNames.join(", ")}
  --opcua-port P    default: the one it had before, else a free one
  --mqtt-port P     port of its own broker, likewise
  --mqtt URL        use this broker instead of an own one
  --site            Line 4 (Modbus TCP, HTTP push), utilities and a warehouse beside Line 3
  --modbus-port P   port of Line 4's gateway, likewise
  --factory         ERP, scanners, test bench, roster, stores, energy and tools beside the site (src/factory)
  --push URL        server that Line 4 and the warehouse send to, such as http://127.0.0.1:8420
  --minimal         three stations and four shifts, for tests
  --json            only JSON on stdout: the first line says where everything is

While it runs, a line on stdin switches a fault: fault air on, fault air off.
`;

/** The command line; throws with one clear sentence on anything that is none. */
export function readOptions(args: readonly string[]): PlantOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: "string", default: "demo-plant-data" },
      seed: { type: "string", default: "3" },
      speed: { type: "string", default: "1" },
      fault: { type: "string" },
      "opcua-port": { type: "string", default: "0" },
      "mqtt-port": { type: "string", default: "0" },
      mqtt: { type: "string" },
      site: { type: "boolean", default: false },
      "modbus-port": { type: "string", default: "0" },
      push: { type: "string" },
      factory: { type: "boolean", default: false },
      minimal: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const { fault } = values;
  if (fault !== undefined && !isFaultName(fault)) throw new Error(`no such fault: ${fault}`);
  if (!values.site && fault !== undefined && siteFaults.includes(fault)) throw new Error(`the fault ${fault} needs --site`);
  if (!values.site && values.push !== undefined) throw new Error("--push needs --site: Line 3 is asked, it sends nothing");
  if (!values.site && values.factory) throw new Error("--factory needs --site: its programs stand beside the whole site");
  return {
    data: resolve(values.data),
    seed: wholeNumber("seed", values.seed),
    speed: positive("speed", values.speed),
    fault,
    opcuaPort: wholeNumber("opcua-port", values["opcua-port"]),
    mqttPort: wholeNumber("mqtt-port", values["mqtt-port"]),
    mqtt: values.mqtt,
    modbusPort: wholeNumber("modbus-port", values["modbus-port"]),
    push: values.push === undefined ? undefined : httpAddress(values.push),
    minimal: values.minimal,
    site: values.site,
    factory: values.factory,
    json: values.json,
    help: values.help,
  };
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} wants a whole number, not ${text}`);
  return value;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1000) throw new Error(`--${name} wants a number above 0 and up to 1000, not ${text}`);
  return value;
}

function httpAddress(text: string): string {
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ""))
    throw new Error(`--push wants an address such as http://127.0.0.1:8420, not ${text}`);
  return text.replace(/\/+$/, "");
}
