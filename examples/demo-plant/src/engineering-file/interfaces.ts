import type { Submodel, SubmodelElement, SubmodelElementCollection } from "@doppelwerk/aas";
import type { PlantSignal, RegisterAddress } from "../signals/signal.ts";
import { collection, decimal, externalReference, languages, list, property, text, whole } from "./element.ts";

const base = "https://admin-shell.io/idta/AssetInterfacesDescription/1/0";
const thing = "https://www.w3.org/2019/wot/td";

/** Where the plant really listens, chosen when it starts. */
export interface PlantEndpoints {
  readonly opcua: string;
  readonly mqtt: string;
  /** Of the whole site: the gateway of Line 4. */
  readonly modbus?: string;
}

const senderTitles: Readonly<Record<string, string>> = { "line-4": "Data logger of Line 4", warehouse: "Warehouse management system" };

/** IDTA 02017-1-0: one interface a protocol, one property a signal. Undefined when the asset has no signals. */
export function interfacesDescription(
  id: string,
  signals: readonly PlantSignal[],
  endpoints: PlantEndpoints,
  prefixed: boolean,
): Submodel | undefined {
  const opcua = signals.filter((signal) => signal.address.kind === "opcua");
  const sparkplug = signals.filter((signal) => signal.address.kind === "sparkplug");
  if (signals.length === 0) return undefined;
  const interfaces: SubmodelElement[] = [];
  if (opcua.length > 0)
    interfaces.push(describe("InterfaceOPCUA", "OPC UA server of the line", endpoints.opcua, "application/opcua+uadp", opcua, prefixed));
  if (sparkplug.length > 0)
    interfaces.push(
      describe("InterfaceMQTT", "Sparkplug B edge node of the line", endpoints.mqtt, "application/octet-stream", sparkplug, prefixed),
    );
  const modbus = signals.filter((signal) => signal.address.kind === "modbus");
  if (modbus.length > 0)
    interfaces.push(
      describe("InterfaceMODBUS", "Modbus gateway of Line 4", endpoints.modbus ?? "", "application/octet-stream", modbus, prefixed),
    );
  for (const [sender, pushed] of Map.groupBy(signals, ({ address }) => (address.kind === "push" ? address.sender : "")))
    if (sender !== "")
      interfaces.push(describe("InterfaceHTTP", senderTitles[sender] ?? sender, `push:${sender}`, "application/json", pushed, prefixed));
  return {
    modelType: "Submodel",
    idShort: "AssetInterfacesDescription",
    id,
    semanticId: externalReference(`${base}/Submodel`),
    submodelElements: interfaces,
  };
}

function describe(
  idShort: string,
  title: string,
  endpoint: string,
  contentType: string,
  signals: readonly PlantSignal[],
  prefixed: boolean,
): SubmodelElementCollection {
  const noSecurity = collection(
    "nosec_sc",
    [text("scheme", "nosec", `${thing}#SecurityScheme`)],
    "https://www.w3.org/2019/wot/security#NoSecurityScheme",
  );
  return {
    ...collection(idShort, [
      text("title", title, `${thing}#title`),
      collection(
        "EndpointMetadata",
        [
          property("base", "xs:anyURI", endpoint, `${thing}#baseURI`),
          text("contentType", contentType, "https://www.w3.org/2019/wot/hypermedia#forContentType"),
          collection("securityDefinitions", [noSecurity], `${thing}#definesSecurityScheme`),
        ],
        `${base}/EndpointMetadata`,
      ),
      collection(
        "InteractionMetadata",
        [
          collection(
            "properties",
            signals.map((signal) => affordance(signal, prefixed)),
            `${thing}#PropertyAffordance`,
          ),
        ],
        `${base}/InteractionMetadata`,
      ),
    ]),
    semanticId: externalReference(`${base}/Interface`),
  };
}

function affordance(signal: PlantSignal, prefixed: boolean): SubmodelElementCollection {
  const elements: SubmodelElement[] = [
    text("type", jsonType(signal), "https://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    text("title", signal.title.en, `${thing}#title`),
    ...(signal.unit ? [text("unit", signal.unit, "https://schema.org/unitCode")] : []),
    collection(
      "forms",
      [text("href", href(signal), "https://www.w3.org/2019/wot/hypermedia#hasTarget"), ...registerTerms(signal)],
      `${thing}#hasForm`,
    ),
    text("role", signal.role),
    ...(signal.resolution !== undefined ? [decimal("resolution", signal.resolution)] : []),
    ...(signal.low !== undefined ? [decimal("low", signal.low)] : []),
    ...(signal.high !== undefined ? [decimal("high", signal.high)] : []),
    ...(signal.counter ? [text("counter", signal.counter.type), whole("counterWidth", signal.counter.width)] : []),
    ...(signal.scale !== undefined ? [decimal("scale", signal.scale)] : []),
    ...(signal.aliveS !== undefined ? [decimal("aliveTime", signal.aliveS)] : []),
    ...(signal.texts
      ? [
          list(
            "enumeration",
            signal.texts.map((label, value) => [whole("value", value), text("text", label)]),
          ),
        ]
      : []),
  ];
  const idShort = prefixed ? `${signal.asset}_${signal.role}` : signal.role;
  return { ...collection(idShort, elements, `${base}/PropertyDefinition`), displayName: languages(signal.title.en, signal.title.zh) };
}

function href(signal: PlantSignal): string {
  const { address } = signal;
  if (address.kind === "opcua") return `/?id=${address.nodeId}`;
  if (address.kind === "push") return address.name;
  if (address.kind === "modbus") return `/${address.unit}/${address.register}?quantity=${registersOf(address)}`;
  return `spBv1.0/${address.group}/${address.node}/${address.device}#${address.metric}`;
}

/** W3C WoT Modbus binding. */
function registerTerms({ address }: PlantSignal): readonly SubmodelElement[] {
  if (address.kind !== "modbus") return [];
  return [
    text("modv_entity", address.table === "discrete" ? "DiscreteInput" : "InputRegister"),
    text("modv_zeroBasedAddressing", "true"),
    ...(address.format === "bool" ? [] : [text("modv_type", registerTypes[address.format])]),
    ...(address.wordOrder === "little" && registersOf(address) > 1 ? [text("modv_mostSignificantWord", "false")] : []),
  ];
}

const registerTypes = { int16: "xsd:short", uint16: "xsd:unsignedShort", uint32: "xsd:unsignedInt", float32: "xsd:float" } as const;

function registersOf({ format }: RegisterAddress): number {
  return format === "float32" || format === "uint32" ? 2 : 1;
}

/** A register holds an integer; what it means has a scale. */
function jsonType({ type, scale, address }: PlantSignal): string {
  if (address.kind === "modbus" && scale !== undefined) return "number";
  if (type === "Double") return "number";
  if (type === "String") return "string";
  if (type === "Boolean") return "boolean";
  return "integer";
}
