import { semanticIds, warning, type Finding, type Property, type Submodel, type SubmodelElement } from "@doppelwerk/aas";
import { boundedEnumeration } from "@doppelwerk/world";
import type { ConnectionRecord, SignalRecord, ValueType } from "@doppelwerk/world";
import { pointerOf } from "../samples/json-pointer.ts";
import { formatS7Address, parseS7Address } from "../s7/s7-address.ts";
import { isMessage, message, type Message } from "@doppelwerk/messages";

/** A connection as an interface describes it. Interfaces of many shells with equal protocol and url are one connection. */
export interface ConnectionDraft {
  readonly protocol: ConnectionRecord["protocol"];
  readonly url: string;
  readonly title: string;
}

/** A signal as an interface describes it, without ids: the importer makes them from `path`. */
export interface InterfaceSignalDraft extends Pick<
  SignalRecord,
  "address" | "names" | "enumeration" | "unit" | "shell" | "role" | "low" | "high" | "resolution" | "counter" | "aliveS" | "scale"
> {
  readonly name: string;
  readonly valueType: ValueType;
  /** Position in `connections`. */
  readonly connection: number;
  /** idShortPath of the property inside the submodel. */
  readonly path: string;
}

export interface AssetInterfaces {
  readonly connections: readonly ConnectionDraft[];
  readonly signals: readonly InterfaceSignalDraft[];
  /** Paths are idShortPaths inside the submodel. */
  readonly findings: readonly Finding[];
}

export function isAssetInterfaces(submodel: Submodel): boolean {
  const value = submodel.semanticId?.keys.at(-1)?.value;
  return value === semanticIds.assetInterfacesDescription10 || value === semanticIds.assetInterfacesDescription11;
}

/**
 * Reads an Asset Interfaces Description (IDTA 02017-1-0, -1-1, over W3C Web of Things TD 1.1). What cannot become a signal is a finding.
 * OPC UA addresses keep the namespace URI of `href`; Sparkplug `spBv1.0/g/n/d#metric` becomes `g/n/d/metric` (`g/n//metric` without device).
 */
export function readAssetInterfaces(submodel: Submodel, shell?: string): AssetInterfaces {
  const reading = new Reading(shell);
  for (const element of submodel.submodelElements ?? []) reading.interface(element);
  return reading;
}

class Reading implements AssetInterfaces {
  readonly connections: ConnectionDraft[] = [];
  readonly signals: InterfaceSignalDraft[] = [];
  readonly findings: Finding[] = [];
  readonly #shell: string | undefined;

  constructor(shell: string | undefined) {
    this.#shell = shell;
  }

  interface(element: SubmodelElement): void {
    const path = element.idShort ?? "";
    const endpoint = childOf(element, "EndpointMetadata");
    // the first releases called it InterfaceMetadata
    const interactions = childOf(element, "InteractionMetadata") ?? childOf(element, "InterfaceMetadata");
    const properties = interactions === undefined ? undefined : childOf(interactions, "properties");
    if (endpoint === undefined || properties === undefined) {
      this.#warn(path, message("connectors.interfaceWithoutSignals"));
      return;
    }
    const base = fieldOf(endpoint, "base") ?? "";
    const propertiesPath = `${path}.${interactions!.idShort}.properties`;
    for (const property of childrenOf(properties)) this.#property(element, property, `${propertiesPath}.${property.idShort}`, base);
  }

  /** `outer`: the form of the document this property is a part of, and the tokens of the part. */
  #property(anInterface: SubmodelElement, property: SubmodelElement, path: string, base: string, outer?: OuterForm): void {
    const nested = childOf(property, "properties");
    const forms = childOf(property, "forms") ?? outer?.forms;
    const tokens = childOf(property, "forms") === undefined && outer !== undefined ? [...outer.tokens, keyOf(property)] : [];
    if (nested !== undefined)
      for (const child of childrenOf(nested))
        this.#property(anInterface, child, `${path}.properties.${child.idShort}`, base, forms && { forms, tokens });
    const href = forms === undefined ? undefined : fieldOf(forms, "href");
    if (href === undefined) {
      if (nested === undefined) this.#warn(path, message("connectors.propertyWithoutHref"));
      return;
    }
    // the document is not a value; its parts are
    if (nested !== undefined && fieldOf(property, "type")?.toLowerCase() === "object") return;
    const target = targetOf(protocolOf(anInterface, base, href), base, href, { forms: forms!, tokens, property });
    if (isMessage(target)) {
      this.#warn(path, target);
      return;
    }
    if (target === undefined) {
      this.#warn(path, message("connectors.noProtocolReads", { href, base: base || '""' }));
      return;
    }
    const type = this.#typeOf(property, path);
    if (type === undefined) return;
    if (target.address.startsWith("ns=")) this.#warn(path, message("connectors.addressByNamespaceIndex"));
    const connection = this.#connection(target.protocol, target.url, fieldOf(anInterface, "title") ?? anInterface.idShort ?? "", path);
    if (connection === undefined) return;
    this.signals.push({
      connection,
      path,
      name: fieldOf(property, "title") ?? property.displayName?.[0]?.text ?? fieldOf(property, "key") ?? property.idShort ?? path,
      ...namesOf(property),
      address: target.address,
      ...type,
      ...this.#details(property, path),
    });
  }

  #typeOf(property: SubmodelElement, path: string): Pick<InterfaceSignalDraft, "valueType" | "enumeration"> | undefined {
    const declared = fieldOf(property, "type")?.toLowerCase().replace(/^xs:/, "");
    const enumeration = enumerationOf(property);
    const valueType = declared === undefined ? undefined : VALUE_TYPES[declared];
    if (valueType === undefined) {
      this.#warn(
        path,
        declared === undefined ? message("connectors.propertyWithoutType") : message("connectors.propertyOfType", { declared }),
      );
      return undefined;
    }
    if (enumeration === undefined) return { valueType };
    if (valueType === "integer") return { valueType: "enumeration", enumeration };
    return valueType === "boolean" ? { valueType, enumeration } : { valueType };
  }

  #details(property: SubmodelElement, path: string): Partial<InterfaceSignalDraft> {
    const range = childOf(property, "min_max");
    const low = this.#number(property, "low", path) ?? (range?.modelType === "Range" ? finite(range.min) : undefined);
    const high = this.#number(property, "high", path) ?? (range?.modelType === "Range" ? finite(range.max) : undefined);
    return present({
      unit: fieldOf(property, "unit"),
      shell: this.#shell,
      role: fieldOf(property, "role"),
      low,
      high,
      resolution: this.#number(property, "resolution", path),
      counter: this.#counter(property, path),
      aliveS: this.#number(property, "aliveTime", path),
      scale: this.#number(property, "scale", path),
    });
  }

  #counter(property: SubmodelElement, path: string): SignalRecord["counter"] {
    const type = fieldOf(property, "counter");
    if (type === undefined) return undefined;
    if (type !== "totaliser" && type !== "shiftReset") {
      this.#warn(`${path}.counter`, message("connectors.counterType", { type }));
      return undefined;
    }
    const width = this.#number(property, "counterWidth", path);
    if (width === 16 || width === 32) return { type, width };
    if (width !== undefined) this.#warn(`${path}.counterWidth`, message("connectors.counterWidth", { width }));
    return { type };
  }

  #number(property: SubmodelElement, name: string, path: string): number | undefined {
    const text = fieldOf(property, name);
    const number = finite(text);
    if (text !== undefined && number === undefined) this.#warn(`${path}.${name}`, message("connectors.notANumber", { text }));
    return number;
  }

  /** Undefined = the address may not be taken. */
  #connection(protocol: ConnectionRecord["protocol"], url: string, title: string, path: string): number | undefined {
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(url)) {
      this.#warn(path, message("connectors.addressCarriesSecret"));
      return undefined;
    }
    const known = this.connections.findIndex((connection) => connection.protocol === protocol && connection.url === url);
    return known >= 0 ? known : this.connections.push({ protocol, url, title }) - 1;
  }

  #warn(path: string, reason: Message): void {
    this.findings.push(warning(path, "interface", reason));
  }
}

const VALUE_TYPES: { readonly [type: string]: ValueType | undefined } = {
  number: "double",
  float: "double",
  double: "double",
  decimal: "double",
  integer: "integer",
  int: "integer",
  long: "integer",
  short: "integer",
  boolean: "boolean",
  string: "string",
};

function protocolOf(anInterface: SubmodelElement, base: string, href: string): ConnectionRecord["protocol"] | undefined {
  if (href.startsWith("spBv1.0/")) return "sparkplug";
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(base || href)?.[1]?.toLowerCase() ?? "";
  if (scheme.startsWith("opc.")) return "opcua";
  if (scheme.startsWith("mqtt") || scheme === "ws" || scheme === "wss") return "mqtt";
  if (scheme.startsWith("modbus")) return "modbus";
  if (scheme === "s7") return "s7";
  if (scheme === "http" || scheme === "https") return "http";
  if (scheme === "push") return "push";
  const words = (anInterface.supplementalSemanticIds ?? []).map((reference) => reference.keys.at(-1)?.value ?? "");
  return (["mqtt", "modbus", "http"] as const).find((protocol) => words.includes(`http://www.w3.org/2011/${protocol}`));
}

interface Target {
  readonly protocol: ConnectionRecord["protocol"];
  readonly url: string;
  readonly address: string;
}

interface OuterForm {
  readonly forms: SubmodelElement;
  readonly tokens: readonly string[];
}

interface FormDetails extends OuterForm {
  readonly property: SubmodelElement;
}

/** Undefined = no protocol of ours; a message = what is wrong with the form. */
function targetOf(
  protocol: ConnectionRecord["protocol"] | undefined,
  base: string,
  href: string,
  form: FormDetails,
): Target | Message | undefined {
  switch (protocol) {
    case undefined:
      return undefined;
    case "opcua":
      return opcuaTarget(base, href);
    case "sparkplug": {
      const match = /^spBv1\.0\/([^/#]+)\/([^/#]+)(?:\/([^/#]+))?#(.+)$/s.exec(href);
      return match === null ? undefined : { protocol, url: base, address: `${match[1]}/${match[2]}/${match[3] ?? ""}/${match[4]}` };
    }
    case "s7":
      return s7Target(base, href);
    // nothing is asked of such an address: the sender names its values as the form does
    case "push":
      return { protocol, url: base, address: href };
    case "modbus":
      return modbusTarget(base, href, form);
    case "mqtt": {
      const { url, rest } = endpointOf(base, href);
      return { protocol, url, address: `${rest.replace(/^\//, "")}${form.tokens.length === 0 ? "" : `#${pointerOf(form.tokens)}`}` };
    }
    default: {
      const { url, rest } = endpointOf(base, href);
      // a pointer may stand behind the address itself
      return { protocol, url, address: rest.includes("#") && form.tokens.length === 0 ? rest : `${rest}#${pointerOf(form.tokens)}` };
    }
  }
}

/** What a part of a document is called in it. */
function keyOf(property: SubmodelElement): string {
  return fieldOf(property, "key") ?? property.idShort ?? "";
}

/** Base and what follows it; an href that is a whole URL brings its own base. */
function endpointOf(base: string, href: string): { readonly url: string; readonly rest: string } {
  const whole = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]+)(.*)$/is.exec(href);
  return whole === null ? { url: base, rest: href } : { url: whole[1]!, rest: whole[2]! };
}

const ENTITIES: Readonly<Record<string, string>> = {
  coil: "coil",
  readcoil: "coil",
  discreteinput: "discrete",
  readdiscreteinputs: "discrete",
  readdiscreteinput: "discrete",
  holdingregister: "holding",
  readholdingregisters: "holding",
  readholdingregister: "holding",
  inputregister: "input",
  readinputregisters: "input",
  readinputregister: "input",
};
/** The leading digit of the numbers in old manuals: 40001 is holding register 0. */
const LEADING: Readonly<Record<string, string>> = { "0": "coil", "1": "discrete", "3": "input", "4": "holding" };

/**
 * `[/unit]/address?quantity=n` with modv_entity or modv_function, modv_zeroBasedAddressing, modv_type, modv_mostSignificantWord, …Byte (W3C WoT Modbus
 * binding). Numbers of five or six digits are those of manuals, which count from 1.
 */
function modbusTarget(base: string, href: string, { forms, property }: FormDetails): Target | Message {
  const { url, rest } = endpointOf(base, href);
  const match = /^\/?(?:(\d{1,3})\/)?(\d{1,6})(?:\?(.*))?$/.exec(rest);
  if (match === null) return message("connectors.formNoModbusAddress", { href });
  const [, unit = unitOf(url), number = "", query = ""] = match;
  const entity = ENTITIES[(fieldOf(forms, "modv_entity") ?? fieldOf(forms, "modv_function") ?? "").toLowerCase()];
  const manual = number.length >= 5 && LEADING[number[0]!] !== undefined && (entity === undefined || entity === LEADING[number[0]!]);
  const table = manual ? LEADING[number[0]!]! : (entity ?? "holding");
  const counted = manual ? Number(number.slice(1)) - 1 : Number(number) - (fieldOf(forms, "modv_zeroBasedAddressing") === "false" ? 1 : 0);
  if (counted < 0) return message("connectors.formBeforeFirstRegister", { href });
  const quantity = Number(new URLSearchParams(query).get("quantity") ?? 1);
  const type = registerTypeOf(table, quantity, fieldOf(forms, "modv_type") ?? "", fieldOf(property, "type") ?? "");
  if (type === undefined) return message("connectors.formRegistersNoValue", { quantity, href });
  const options = new URLSearchParams();
  if (type === "string") options.set("length", String(quantity));
  const bit = new URLSearchParams(query).get("bit");
  if (bit !== null && type === "bool" && /^\d{1,2}$/.test(bit)) options.set("bit", bit);
  if (fieldOf(forms, "modv_mostSignificantWord") === "false") options.set("word", "little");
  if (fieldOf(forms, "modv_mostSignificantByte") === "false") options.set("byte", "little");
  const address = `${unit}/${table}/${counted}/${type}${options.size === 0 ? "" : `?${options.toString()}`}`;
  return { protocol: "modbus", url: url.replace(/^(modbus\+tcp:\/\/[^/]+).*$/i, "$1"), address };
}

function unitOf(url: string): string {
  return /^modbus\+tcp:\/\/[^/]+\/(\d{1,3})\/?$/i.exec(url)?.[1] ?? "1";
}

function registerTypeOf(table: string, quantity: number, declared: string, property: string): string | undefined {
  if (table === "coil" || table === "discrete") return quantity === 1 ? "bool" : undefined;
  const word = declared.toLowerCase().replace(/^xsd?:/, "");
  const bits = ({ 1: 16, 2: 32, 4: 64 } as Readonly<Record<number, number>>)[quantity];
  if (word === "string" || (word === "" && property === "string"))
    return Number.isInteger(quantity) && quantity >= 1 && quantity <= 125 ? "string" : undefined;
  if (bits === undefined) return undefined;
  if (word === "boolean" || (word === "" && property === "boolean")) return quantity === 1 ? "bool" : undefined;
  const real = /^(?:float|double|decimal)/.test(word) || (word === "" && property === "number");
  if (real && bits > 16) return `float${bits}`;
  return `${word.startsWith("unsigned") || (word === "" && property === "integer") ? "u" : ""}int${bits}`;
}

/** `/?id=<node id>`, or the same behind a whole URL, which then is the connection's. Percent-encoding of the whole id is undone. */
function opcuaTarget(base: string, href: string): Target | undefined {
  const match = /^(opc\.[a-z]+:\/\/[^?]*?)?\/?\?(?:.*&)?id=([^&]*)/i.exec(href);
  const encoded = match?.[2];
  if (encoded === undefined) return undefined;
  const id = /^(nsu|ns|[isgb])=/.test(encoded) ? encoded : decoded(encoded);
  if (id === undefined || !/^(?:nsu=[^;]+;|ns=\d+;)?[isgb]=./s.test(id)) return undefined;
  return { protocol: "opcua", url: match?.[1] ?? base, address: id };
}

/** `s7://host:port?rack=0&slot=1` and an absolute address (ours: no binding of the Web of Things names S7). */
function s7Target(base: string, href: string): Target | Message {
  const whole = /^(s7:\/\/[^/]+)\/(.+)$/i.exec(href);
  const address = parseS7Address(whole === null ? href.replace(/^\//, "") : whole[2]!);
  if (isMessage(address)) return message("connectors.formNoS7Address", { reason: address, href });
  return { protocol: "s7", url: whole?.[1] ?? base, address: formatS7Address(address) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** What a person reads, where the file says it in more than one language. */
function namesOf(property: SubmodelElement): Pick<InterfaceSignalDraft, "names"> {
  const texts = property.displayName ?? [];
  return texts.length < 2 ? {} : { names: Object.fromEntries(texts.map(({ language, text }) => [language, text])) };
}

function enumerationOf(property: SubmodelElement): InterfaceSignalDraft["enumeration"] {
  const list = childOf(property, "enumeration");
  if (list === undefined) return undefined;
  const entries = childrenOf(list).flatMap((entry) => {
    const value = finite(fieldOf(entry, "value"));
    const name = fieldOf(entry, "text");
    return value === undefined || name === undefined ? [] : [{ value, name }];
  });
  return boundedEnumeration(entries);
}

function childrenOf(element: SubmodelElement): readonly SubmodelElement[] {
  return element.modelType === "SubmodelElementCollection" || element.modelType === "SubmodelElementList" ? (element.value ?? []) : [];
}

function childOf(element: SubmodelElement, idShort: string): SubmodelElement | undefined {
  return childrenOf(element).find((child) => child.idShort === idShort);
}

/** The value of a Property below, undefined when absent or blank. */
function fieldOf(element: SubmodelElement, idShort: string): string | undefined {
  const child = childOf(element, idShort);
  return child?.modelType === "Property" ? (child as Property).value?.trim() || undefined : undefined;
}

function finite(text: string | undefined): number | undefined {
  const number = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function present<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
