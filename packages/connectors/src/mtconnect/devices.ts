import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ValueType } from "@doppelwerk/world";
import type { BrowseResult, FoundObject } from "@doppelwerk/world";
import { DraftCollector } from "../discovery/draft-collector.ts";
import { descendants, parseDocument, type XmlNode } from "./xml-node.ts";

export interface DataItem {
  readonly id: string;
  readonly name: string | undefined;
  readonly category: string;
  readonly type: string;
  readonly subType: string | undefined;
  /** The device and its components down to the data item's own. */
  readonly path: readonly string[];
  readonly unit: string | undefined;
  readonly valueType: ValueType;
  /** Why it cannot be a signal. */
  readonly unfit: Message | undefined;
}

export interface DeviceDescription {
  readonly devices: readonly string[];
  /** What devices say of themselves (`Description`). */
  readonly objects: readonly FoundObject[];
  readonly items: readonly DataItem[];
}

/** Reads an MTConnectDevices document (`probe`, or a Devices.xml). */
export function readDevices(text: string): DeviceDescription {
  const root = parseDocument(text);
  if (root.name !== "MTConnectDevices")
    throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.agentDescribesItselfMTConnectDevices", { name: root.name }));
  const devices = [...descendants(root, "Device"), ...descendants(root, "Agent")];
  return {
    devices: devices.map((device) => device.attributes["name"] ?? device.attributes["uuid"] ?? ""),
    objects: devices.map(objectOf),
    items: devices.flatMap((device) => itemsBelow(device, [])),
  };
}

/** What a plant's own description offers, whether an agent gave it or a file. */
export function offerOfDevices(text: string): BrowseResult {
  const { devices, objects, items } = readDevices(text);
  const collector = new DraftCollector(MAX_DRAFTS);
  for (const item of items) {
    if (item.unfit !== undefined) {
      collector.skip(item.unfit);
      continue;
    }
    const name = item.name ?? item.id;
    const condition = item.category === "CONDITION" ? "condition: Normal, Warning or Fault, the worst that is active" : undefined;
    const type = `${item.type}${item.subType === undefined ? "" : ` ${item.subType}`}`;
    collector.add({
      name,
      path: [...item.path, name],
      address: item.id,
      valueType: item.valueType,
      unit: item.unit,
      description: condition === undefined ? type : `${type}, ${condition}`,
    });
  }
  return { ...collector.result(devices.join(", ")), objects };
}

const MAX_DRAFTS = 50_000;
const TOLD: readonly (readonly [attribute: string, name: string])[] = [
  ["manufacturer", "Manufacturer"],
  ["model", "Model"],
  ["serialNumber", "SerialNumber"],
];

function objectOf(device: XmlNode): FoundObject {
  const description = device.children.find(({ name }) => name === "Description");
  const properties = Object.fromEntries(
    TOLD.flatMap(([attribute, name]) => {
      const value = description?.attributes[attribute]?.trim();
      return value === undefined || value === "" ? [] : [[name, value]];
    }),
  );
  return {
    path: [device.attributes["name"] ?? device.name],
    type: { namespace: DEVICES, name: "Device" },
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
  };
}

/** Names the devices of MTConnect in proposals; the standard has no one URI over its versions. */
const DEVICES = "urn:mtconnect.org:MTConnectDevices";

function itemsBelow(component: XmlNode, outer: readonly string[]): DataItem[] {
  const path = [...outer, component.attributes["name"] ?? component.name];
  return component.children.flatMap((child) => {
    if (child.name === "DataItems") return child.children.filter(({ name }) => name === "DataItem").map((item) => itemOf(item, path));
    if (child.name === "Components") return child.children.flatMap((inner) => itemsBelow(inner, path));
    return [];
  });
}

/** Units of the standard to UCUM; a unit not listed stays as the standard writes it. */
const UNITS: Readonly<Record<string, string>> = {
  AMPERE: "A",
  CELSIUS: "Cel",
  COUNT: "1",
  DECIBEL: "dB",
  DEGREE: "deg",
  "DEGREE/SECOND": "deg/s",
  "DEGREE/SECOND^2": "deg/s2",
  HERTZ: "Hz",
  JOULE: "J",
  KILOGRAM: "kg",
  LITER: "L",
  "LITER/SECOND": "L/s",
  MICRO_RADIAN: "urad",
  MILLIMETER: "mm",
  "MILLIMETER/SECOND": "mm/s",
  "MILLIMETER/SECOND^2": "mm/s2",
  "MILLIMETER/REVOLUTION": "mm",
  NEWTON: "N",
  NEWTON_METER: "N.m",
  OHM: "Ohm",
  PASCAL: "Pa",
  PASCAL_SECOND: "Pa.s",
  PERCENT: "%",
  PH: "[pH]",
  "REVOLUTION/MINUTE": "/min",
  "REVOLUTION/SECOND": "/s",
  SECOND: "s",
  VOLT: "V",
  VOLT_AMPERE: "V.A",
  WATT: "W",
  WATT_SECOND: "W.s",
};

const INTEGER_EVENTS = new Set([
  "PART_COUNT",
  "LINE_NUMBER",
  "LINE",
  "BLOCK_COUNT",
  "TOOL_NUMBER",
  "PART_COUNT_ALL",
  "CONTROLLER_MODE_OVERRIDE",
]);

function itemOf({ attributes }: XmlNode, path: readonly string[]): DataItem {
  const { id = "", name, category = "", type = "", subType, units, representation } = attributes;
  const vector = units?.endsWith("_3D") === true || /^(?:PATH_POSITION|ORIENTATION|ROTATION|TRANSLATION)$/.test(type);
  const structured = representation === "DATA_SET" || representation === "TABLE" || representation === "DISCRETE_DATA_SET";
  return {
    id,
    name,
    category,
    type,
    subType,
    path,
    unit: units === undefined || vector ? undefined : (UNITS[units] ?? units),
    valueType: category === "SAMPLE" && !vector ? "double" : INTEGER_EVENTS.has(type) ? "integer" : "string",
    unfit: structured ? message("connectors.dataSetOrTable") : type.startsWith("ASSET_") ? message("connectors.newsOfAssets") : undefined,
  };
}
