import type { Submodel, SubmodelElement, SubmodelElementCollection } from "@doppelwerk/aas";
import { plantSignals, type PlantSignal } from "../signals.ts";
import { stateSignalOf } from "./station-states.ts";
import { collection, decimal, languages, list, property, reference, text } from "./element.ts";

const base = "https://admin-shell.io/idta/AssetInterfacesDescription/1/0";
const thing = "https://www.w3.org/2019/wot/td";

export interface Endpoints {
  readonly opcua: string;
  readonly modbus: string;
}

/** IDTA 02017-1-0 of one asset, with a state where it is a station of the line; undefined where it has no signals. */
export function interfacesOf(asset: string, id: string, endpoints: Endpoints, isStation: boolean): Submodel | undefined {
  const state = isStation ? stateSignalOf(asset) : undefined;
  const own = [...plantSignals.filter((signal) => signal.asset === asset), ...(state === undefined ? [] : [state])];
  const [first] = own;
  if (first === undefined) return undefined;
  const described =
    first.address.kind === "opcua"
      ? describe("InterfaceOPCUA", "OPC UA server of the machines", endpoints.opcua, "application/opcua+uadp", own)
      : describe("InterfaceMODBUS", "Bus of the dye kitchen", endpoints.modbus, "application/octet-stream", own);
  return {
    modelType: "Submodel",
    idShort: "AssetInterfacesDescription",
    id,
    semanticId: reference(`${base}/Submodel`),
    submodelElements: [described],
  };
}

function describe(
  idShort: string,
  title: string,
  endpoint: string,
  contentType: string,
  signals: readonly PlantSignal[],
): SubmodelElementCollection {
  const noSecurity = collection(
    "nosec_sc",
    [text("scheme", "nosec", `${thing}#SecurityScheme`)],
    "https://www.w3.org/2019/wot/security#NoSecurityScheme",
  );
  const metadata = [
    property("base", "xs:anyURI", endpoint, `${thing}#baseURI`),
    text("contentType", contentType, "https://www.w3.org/2019/wot/hypermedia#forContentType"),
    collection("securityDefinitions", [noSecurity], `${thing}#definesSecurityScheme`),
  ];
  return collection(
    idShort,
    [
      text("title", title, `${thing}#title`),
      collection("EndpointMetadata", metadata, `${base}/EndpointMetadata`),
      collection(
        "InteractionMetadata",
        [collection("properties", signals.map(affordance), `${thing}#PropertyAffordance`)],
        `${base}/InteractionMetadata`,
      ),
    ],
    `${base}/Interface`,
  );
}

function affordance(signal: PlantSignal): SubmodelElementCollection {
  const { unit, low, high, counterBits, texts } = signal;
  const elements: SubmodelElement[] = [
    text("type", jsonType(signal), "https://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    text("title", signal.en, `${thing}#title`),
    ...(unit === undefined ? [] : [text("unit", unit, "https://schema.org/unitCode")]),
    collection("forms", formsOf(signal), `${thing}#hasForm`),
    text("role", signal.role),
    ...(low === undefined ? [] : [decimal("low", low)]),
    ...(high === undefined ? [] : [decimal("high", high)]),
    ...(counterBits === undefined ? [] : [text("counter", "totaliser"), property("counterWidth", "xs:int", String(counterBits))]),
    ...(texts === undefined
      ? []
      : [
          list(
            "enumeration",
            texts.map((label, value) => [property("value", "xs:int", String(value)), text("text", label)]),
          ),
        ]),
  ];
  return { ...collection(signal.role, elements, `${base}/PropertyDefinition`), displayName: languages(signal.en, signal.zh) };
}

/** W3C WoT bindings of OPC UA and Modbus. */
function formsOf({ address }: PlantSignal): readonly SubmodelElement[] {
  const target = "https://www.w3.org/2019/wot/hypermedia#hasTarget";
  if (address.kind === "opcua") return [text("href", `/?id=${address.nodeId}`, target)];
  return [
    text("href", `/${address.unit}/${address.register}?quantity=2`, target),
    text("modv_entity", "InputRegister"),
    text("modv_zeroBasedAddressing", "true"),
    text("modv_type", "xsd:float"),
  ];
}

function jsonType({ type }: PlantSignal): string {
  if (type === "String") return "string";
  return type === "Double" || type === "Float" ? "number" : "integer";
}
