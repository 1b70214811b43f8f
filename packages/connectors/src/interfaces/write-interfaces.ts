import {
  semanticIds,
  type Property,
  type Reference,
  type Submodel,
  type SubmodelElement,
  type SubmodelElementCollection,
} from "@doppelwerk/aas";
import type { ConnectionRecord, SignalRecord, ValueType } from "@doppelwerk/world";

const base = "https://admin-shell.io/idta/AssetInterfacesDescription/1/0";
const thing = "https://www.w3.org/2019/wot/td";
const TYPES: Readonly<Record<ValueType, string>> = {
  double: "number",
  integer: "integer",
  boolean: "boolean",
  string: "string",
  enumeration: "integer",
};
const INTERFACES: Readonly<Record<string, string>> = {
  opcua: "InterfaceOPCUA",
  mqtt: "InterfaceMQTT",
  modbus: "InterfaceMODBUS",
  http: "InterfaceHTTP",
};
const PROTOCOL_WORDS: Readonly<Record<string, string>> = {
  mqtt: "http://www.w3.org/2011/mqtt",
  sparkplug: "http://www.w3.org/2011/mqtt",
  modbus: "http://www.w3.org/2011/modbus",
  http: "http://www.w3.org/2011/http",
};

/** `idShort`: what its property is called, unique among those of one description; without one it is made of the name. */
export type DescribedSignal = Pick<
  SignalRecord,
  "name" | "valueType" | "enumeration" | "address" | "unit" | "low" | "high" | "resolution" | "counter" | "aliveS" | "scale" | "role"
> & { readonly idShort?: string };

/** Protocols that an Asset Interfaces Description can say; the others have no addresses of their own in a plant. */
export function canBeDescribed(protocol: ConnectionRecord["protocol"]): boolean {
  return protocol in INTERFACES || protocol === "sparkplug" || protocol === "s7";
}

/**
 * A connection and its signals as an Asset Interfaces Description (IDTA 02017-1-1): what `readAssetInterfaces` reads back. Neither the secret nor its name
 * is in it; security says only that the server decides (`auto`).
 */
export function writeAssetInterfaces(
  id: string,
  connection: Pick<ConnectionRecord, "protocol" | "url" | "name">,
  signals: readonly DescribedSignal[],
): Submodel {
  const { protocol, url, name } = connection;
  const words = PROTOCOL_WORDS[protocol];
  const used = new Set<string>();
  const described: SubmodelElementCollection = {
    ...collection(interfaceOf(protocol), `${base}/Interface`, [
      text("title", name, `${thing}#title`),
      collection("EndpointMetadata", `${base}/EndpointMetadata`, [
        text("base", url, `${thing}#baseURI`, "xs:anyURI"),
        text(
          "contentType",
          protocol === "opcua" ? "application/opcua+uadp" : "application/json",
          "https://www.w3.org/2019/wot/hypermedia#forContentType",
        ),
        collection("securityDefinitions", `${thing}#definesSecurityScheme`, [
          collection("auto_sc", "https://www.w3.org/2019/wot/security#AutoSecurityScheme", [
            text("scheme", "auto", "https://www.w3.org/2019/wot/security#SecurityScheme"),
          ]),
        ]),
      ]),
      collection("InteractionMetadata", `${base}/InteractionMetadata`, [
        collection(
          "properties",
          `${thing}#PropertyAffordance`,
          signals.map((signal) => affordance(protocol, signal, used)),
        ),
      ]),
    ]),
    ...(words === undefined ? {} : { supplementalSemanticIds: [external(words), external(thing)] }),
  };
  return {
    modelType: "Submodel",
    id,
    idShort: "AssetInterfacesDescription",
    semanticId: external(semanticIds.assetInterfacesDescription11),
    submodelElements: [described],
  };
}

/** idShortPath of a property in the description that is written of its connection. */
export function pathOfDescribed(protocol: ConnectionRecord["protocol"], idShort: string): string {
  return `${interfaceOf(protocol)}.InteractionMetadata.properties.${idShort}`;
}

function interfaceOf(protocol: ConnectionRecord["protocol"]): string {
  return INTERFACES[protocol] ?? `Interface${protocol.toUpperCase()}`;
}

function affordance(protocol: ConnectionRecord["protocol"], signal: DescribedSignal, used: Set<string>): SubmodelElement {
  const { name, valueType, enumeration, unit, low, high, resolution, counter, aliveS, scale, role } = signal;
  const optional = (idShort: string, value: string | number | undefined, semantic: string): Property[] =>
    value === undefined ? [] : [text(idShort, String(value), semantic)];
  return collection(signal.idShort ?? idShortOf(name, used), `${base}/PropertyDefinition`, [
    text("type", TYPES[valueType], "https://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    text("title", name, `${thing}#title`),
    ...optional("unit", unit, "https://schema.org/unitCode"),
    ...optional("role", role, "urn:doppelwerk:interface:role"),
    ...optional("low", low, "urn:doppelwerk:interface:low"),
    ...optional("high", high, "urn:doppelwerk:interface:high"),
    ...optional("resolution", resolution, "urn:doppelwerk:interface:resolution"),
    ...optional("counter", counter?.type, "urn:doppelwerk:interface:counter"),
    ...optional("counterWidth", counter?.width, "urn:doppelwerk:interface:counterWidth"),
    ...optional("aliveTime", aliveS, "urn:doppelwerk:interface:aliveTime"),
    ...optional("scale", scale, "urn:doppelwerk:interface:scale"),
    ...(enumeration === undefined ? [] : [namedValues(enumeration)]),
    collection("forms", `${thing}#hasForm`, formOf(protocol, signal.address ?? "")),
  ]);
}

/** A description has three elements a name: of long lists it carries the first. */
const MAX_DESCRIBED_NAMES = 64;

function namedValues(enumeration: NonNullable<SignalRecord["enumeration"]>): SubmodelElementCollection {
  const entries = enumeration
    .slice(0, MAX_DESCRIBED_NAMES)
    .map(({ value, name }, at) =>
      collection(`Value${at}`, "urn:doppelwerk:interface:namedValue", [
        text("value", String(value), "urn:doppelwerk:interface:value", "xs:long"),
        text("text", name, "urn:doppelwerk:interface:text"),
      ]),
    );
  return collection("enumeration", "urn:doppelwerk:interface:enumeration", entries);
}

const HREF = "https://www.w3.org/2019/wot/hypermedia#hasTarget";

function formOf(protocol: ConnectionRecord["protocol"], address: string): SubmodelElement[] {
  const href = (value: string): Property => text("href", value, HREF);
  switch (protocol) {
    case "opcua":
      return [href(`/?id=${encodeURIComponent(address)}`)];
    case "sparkplug": {
      const [group = "", node = "", device = "", ...metric] = address.split("/");
      return [href(`spBv1.0/${group}/${node}${device === "" ? "" : `/${device}`}#${metric.join("/")}`)];
    }
    case "modbus":
      return modbusForm(address);
    default:
      // a pointer into a document stays behind the address it points into
      return [href(address)];
  }
}

const REGISTERS: Readonly<Record<string, number>> = { 16: 1, 32: 2, 64: 4 };
const XSD: Readonly<Record<string, string>> = {
  bool: "xsd:boolean",
  int16: "xsd:short",
  uint16: "xsd:unsignedShort",
  int32: "xsd:int",
  uint32: "xsd:unsignedInt",
  int64: "xsd:long",
  uint64: "xsd:unsignedLong",
  float32: "xsd:float",
  float64: "xsd:double",
  string: "xsd:string",
};
const ENTITIES: Readonly<Record<string, string>> = {
  coil: "Coil",
  discrete: "DiscreteInput",
  holding: "HoldingRegister",
  input: "InputRegister",
};

function modbusForm(address: string): SubmodelElement[] {
  const [path = "", query = ""] = address.split("?");
  const [unit = "1", table = "holding", number = "0", type = "uint16"] = path.split("/");
  const options = new URLSearchParams(query);
  const quantity = type === "string" ? Number(options.get("length") ?? 1) : (REGISTERS[/\d+$/.exec(type)?.[0] ?? ""] ?? 1);
  const modv = (name: string, value: string): Property => text(name, value, `https://www.w3.org/2019/wot/modbus#${name.slice(5)}`);
  return [
    text("href", `/${unit}/${number}?quantity=${quantity}${options.has("bit") ? `&bit=${options.get("bit")}` : ""}`, HREF),
    modv("modv_entity", ENTITIES[table] ?? "HoldingRegister"),
    modv("modv_zeroBasedAddressing", "true"),
    modv("modv_type", XSD[type] ?? "xsd:unsignedShort"),
    ...(options.get("word") === "little" ? [modv("modv_mostSignificantWord", "false")] : []),
    ...(options.get("byte") === "little" ? [modv("modv_mostSignificantByte", "false")] : []),
  ];
}

/** AASd-002, unique among its siblings. */
function idShortOf(name: string, used: Set<string>): string {
  const plain = name.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  const begun = /^[A-Za-z]/.test(plain) ? plain.slice(0, 100) : `p_${plain.slice(0, 98)}`;
  let idShort = begun;
  for (let n = 2; used.has(idShort.toLowerCase()); n++) idShort = `${begun}_${n}`;
  used.add(idShort.toLowerCase());
  return idShort;
}

function external(value: string): Reference {
  return { type: "ExternalReference", keys: [{ type: "GlobalReference", value }] };
}

function text(idShort: string, value: string, semantic: string, valueType: Property["valueType"] = "xs:string"): Property {
  return { modelType: "Property", idShort, semanticId: external(semantic), valueType, value };
}

function collection(idShort: string, semantic: string, value: readonly SubmodelElement[]): SubmodelElementCollection {
  return { modelType: "SubmodelElementCollection", idShort, semanticId: external(semantic), value };
}
