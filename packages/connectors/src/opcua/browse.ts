import { AttributeIds, BrowseDirection, DataType, NodeClass, NodeId, ReferenceTypeIds, VariableIds, resolveNodeId } from "node-opcua";
import type { BrowseDescriptionLike, BrowseResult as NodeReferences, DataValue, ReferenceDescription } from "node-opcua";
import type { ValueType } from "@doppelwerk/world";
import { scalarsOf, type Scalar } from "../samples/json-pointer.ts";
import { formatAddress } from "./address.ts";
import type { BrowseResult, FoundCondition, FoundObject, SignalDraft } from "../discovery/browse-result.ts";
import type { Secret } from "../secrets/secret-store.ts";
import { conditionAddress, hearConditions } from "./conditions.ts";
import { openLink, type Link } from "./link.ts";
import { describeMethods, MOST_METHODS, type CallableNode } from "./methods.ts";
import type { OpcuaSettings } from "./settings.ts";

export interface BrowseOptions {
  readonly dataDir: string;
  /** Bound on nodes looked at; what lies beyond is `truncated`. */
  readonly mostNodes?: number;
  readonly security?: Pick<OpcuaSettings, "securityMode" | "securityPolicy">;
  readonly secret?: Secret;
}

interface FoundVariable {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
  readonly displayName: string;
  /** HasProperty targets by browse name. */
  properties: ReadonlyMap<string, NodeId>;
}

/** Walks a server from Objects down in batches within its limits and proposes a signal for every scalar variable. The Server object is left out. */
export async function browseServer(url: string, options: BrowseOptions): Promise<BrowseResult> {
  const link = await openLink({ url, dataDir: options.dataDir, security: options.security, secret: options.secret });
  try {
    const { variables, objects, methods, truncated } = await walk(link, options.mostNodes ?? 100_000);
    const { drafts, skipped } = await describe(link, variables);
    const described = await describeObjects(link, objects);
    const conditions = await allConditions(link, objects);
    const product = await link.session.read({
      nodeId: `i=${VariableIds.Server_ServerStatus_BuildInfo_ProductName}`,
      attributeId: AttributeIds.Value,
    });
    const name: unknown = product.value?.value;
    return {
      serverName: typeof name === "string" ? name : "",
      namespaces: link.namespaces,
      drafts,
      objects: described,
      methods: await describeMethods(link, methods),
      conditions,
      skipped,
      truncated,
    };
  } finally {
    await link.close();
  }
}

const OBJECTS = "i=85";
/** Server, Aliases, Locations, Quantities and the like of namespace 0 say something about the server, not about the plant. */
const SERVER = "ns=0;i=2253";

interface Place {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
  readonly variable?: FoundVariable;
  readonly object?: FoundNode;
}

/** An object on the way, with its type and its HasProperty targets by browse name. */
interface FoundNode {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
  readonly displayName: string;
  readonly typeDefinition: NodeId | undefined;
  properties: ReadonlyMap<string, NodeId>;
}

interface Walked {
  readonly variables: readonly FoundVariable[];
  readonly methods: readonly CallableNode[];
  readonly objects: readonly FoundNode[];
  readonly truncated: boolean;
}

async function walk(link: Link, mostNodes: number): Promise<Walked> {
  const variables: FoundVariable[] = [];
  const objects: FoundNode[] = [];
  const methods: CallableNode[] = [];
  const seen = new Set<string>(["ns=0;i=85", SERVER]);
  let level: Place[] = [{ nodeId: resolveNodeId(OBJECTS), path: [] }];
  while (level.length > 0) {
    const next: Place[] = [];
    for (let from = 0; from < level.length; from += link.limits.nodesPerBrowse) {
      const places = level.slice(from, from + link.limits.nodesPerBrowse);
      const answers = await references(
        link,
        places.map((place) => place.nodeId),
      );
      for (const [position, place] of places.entries())
        next.push(...enter(place, answers[position]!, seen, { variables, objects, methods }));
      if (seen.size > mostNodes) return { variables, objects, methods, truncated: true };
    }
    level = next;
  }
  return { variables, objects, methods, truncated: false };
}

/** Children of one place not seen before; properties are noted at their variable. */
function enter(
  place: Place,
  children: readonly ReferenceDescription[],
  seen: Set<string>,
  { variables, objects, methods }: { readonly variables: FoundVariable[]; readonly objects: FoundNode[]; readonly methods: CallableNode[] },
): Place[] {
  const places: Place[] = [];
  const properties = new Map<string, NodeId>();
  for (const child of children) {
    const nodeId = child.nodeId;
    const isProperty = child.referenceTypeId.namespace === 0 && child.referenceTypeId.value === ReferenceTypeIds.HasProperty;
    if (isProperty) {
      properties.set(child.browseName.name ?? "", nodeId);
      continue;
    }
    // one method is often shared by all objects of a type: it is another order on each of them
    if (child.nodeClass === NodeClass.Method) {
      if (methods.length < MOST_METHODS && place.nodeId.namespace !== 0)
        methods.push({ object: place.nodeId, method: nodeId, path: [...place.path, child.browseName.name ?? ""] });
      continue;
    }
    const key = `ns=${nodeId.namespace};${identifierOf(nodeId)}`;
    if (seen.has(key) || (place.path.length === 0 && nodeId.namespace === 0)) continue;
    seen.add(key);
    const path = [...place.path, child.browseName.name ?? ""];
    if (child.nodeClass !== NodeClass.Variable) {
      const object: FoundNode = {
        nodeId,
        path,
        displayName: child.displayName.text ?? "",
        typeDefinition: child.typeDefinition instanceof NodeId ? child.typeDefinition : undefined,
        properties: new Map(),
      };
      objects.push(object);
      places.push({ nodeId, path, object });
    } else {
      const variable: FoundVariable = {
        nodeId,
        path,
        displayName: child.displayName.text ?? child.browseName.name ?? "",
        properties: new Map(),
      };
      variables.push(variable);
      places.push({ nodeId, path, variable });
    }
  }
  if (place.variable !== undefined) place.variable.properties = properties;
  if (place.object !== undefined) place.object.properties = properties;
  return places;
}

export async function references(
  link: Link,
  nodeIds: readonly NodeId[],
  referenceTypeId: number = ReferenceTypeIds.HierarchicalReferences,
  inverse = false,
): Promise<ReferenceDescription[][]> {
  const descriptions: BrowseDescriptionLike[] = nodeIds.map((nodeId) => ({
    nodeId,
    referenceTypeId: resolveNodeId(`i=${referenceTypeId}`),
    browseDirection: inverse ? BrowseDirection.Inverse : BrowseDirection.Forward,
    includeSubtypes: true,
    nodeClassMask: inverse ? 0 : NodeClass.Object | NodeClass.Variable | NodeClass.Method,
    resultMask: 63,
  }));
  const answers: NodeReferences[] = await link.session.browse(descriptions);
  const all: ReferenceDescription[][] = [];
  for (const answer of answers) {
    const found = [...(answer.references ?? [])];
    let continuation = answer.continuationPoint;
    while (continuation !== undefined && continuation !== null && continuation.length > 0) {
      const more = await link.session.browseNext(continuation, false);
      found.push(...(more.references ?? []));
      continuation = more.continuationPoint;
    }
    all.push(found);
  }
  return all;
}

/** Properties of one object that are read, and characters of one that are kept. */
const MOST_PROPERTIES = 50;
const MOST_PROPERTY_TEXT = 500;

const CONDITION_TYPE = 2782;
const REFRESH_WITHIN_MS = 5_000;

/** Conditions that stand now, and those the server shows as objects though they are normal. */
async function allConditions(link: Link, objects: readonly FoundNode[]): Promise<readonly FoundCondition[]> {
  const heard = await hearConditions(link, REFRESH_WITHIN_MS);
  const known = new Set(heard.map(({ address }) => address));
  const isCondition = new Map<string, boolean>();
  const shown: FoundCondition[] = [];
  for (const { nodeId, typeDefinition, path, displayName } of objects) {
    if (typeDefinition === undefined) continue;
    const key = typeDefinition.toString();
    if (!isCondition.has(key)) isCondition.set(key, await derivesFrom(link, typeDefinition, CONDITION_TYPE));
    const uri = nodeId.namespace === 0 ? undefined : (link.namespaces[nodeId.namespace] ?? "");
    const address = conditionAddress(formatAddress(uri, identifierOf(nodeId)));
    if (isCondition.get(key) !== true || known.has(address)) continue;
    shown.push({ address, source: path.at(-2) ?? "", name: displayName || path.at(-1)!, message: "", severity: 0, state: 0 });
  }
  return [...heard, ...shown];
}

async function derivesFrom(link: Link, type: NodeId, wanted: number): Promise<boolean> {
  for (let at: NodeId | undefined = type, depth = 0; at !== undefined && depth < 16; depth++) {
    if (at.namespace === 0 && at.value === wanted) return true;
    at = (await references(link, [at], ReferenceTypeIds.HasSubtype, true))[0]![0]?.nodeId;
  }
  return false;
}

/** Objects that say something: a type of another namespace than OPC UA's own, or properties with values. */
async function describeObjects(link: Link, objects: readonly FoundNode[]): Promise<readonly FoundObject[]> {
  const types = await typeNames(link, objects);
  const bases = await baseTypes(link, objects);
  const wanted = objects.flatMap((object) =>
    [...object.properties].slice(0, MOST_PROPERTIES).map(([name, nodeId]) => ({ object, name, nodeId })),
  );
  const values = await readAll(
    link,
    wanted.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
  );
  const told = new Map<FoundNode, Record<string, string>>();
  for (const [n, { object, name }] of wanted.entries()) {
    const text = propertyText(values[n]?.value?.value);
    if (text !== undefined) told.set(object, { ...told.get(object), [name]: text });
  }
  return objects.flatMap((object): FoundObject[] => {
    const { path, displayName, typeDefinition } = object;
    const name = typeDefinition && types.get(typeDefinition.toString());
    const properties = told.get(object);
    const shown = displayName !== "" && displayName !== path.at(-1) ? displayName : undefined;
    if (name === undefined && properties === undefined && shown === undefined) return [];
    const type = name === undefined ? undefined : { namespace: link.namespaces[typeDefinition!.namespace] ?? "", name };
    const supertypes = (typeDefinition && bases.get(typeDefinition.toString())) ?? [];
    return [
      {
        path,
        ...(type ? { type } : {}),
        ...(supertypes.length > 0 ? { supertypes } : {}),
        ...(shown === undefined ? {} : { displayName: shown }),
        ...(properties ? { properties } : {}),
      },
    ];
  });
}

const MOST_SUPERTYPES = 8;

/** What each type outside of namespace 0 derives from, nearest first, as far as it is outside too: a vendor's own machine is still a machine. */
async function baseTypes(
  link: Link,
  objects: readonly FoundNode[],
): Promise<ReadonlyMap<string, readonly { readonly namespace: string; readonly name: string }[]>> {
  const parentOf = new Map<string, ReferenceDescription | undefined>();
  let wanted = new Map(
    objects.flatMap(({ typeDefinition }) =>
      typeDefinition === undefined || typeDefinition.namespace === 0
        ? []
        : [[typeDefinition.toString(), typeDefinition as NodeId] as const],
    ),
  );
  const types = [...wanted.keys()];
  for (let depth = 0; wanted.size > 0 && depth < MOST_SUPERTYPES; depth++) {
    const next = new Map<string, NodeId>();
    const all = [...wanted.values()];
    for (let from = 0; from < all.length; from += link.limits.nodesPerBrowse) {
      const chunk = all.slice(from, from + link.limits.nodesPerBrowse);
      const parents = await references(link, chunk, ReferenceTypeIds.HasSubtype, true);
      for (const [n, type] of chunk.entries()) {
        const parent = parents[n]![0];
        const outside = parent !== undefined && parent.nodeId.namespace !== 0;
        parentOf.set(type.toString(), outside ? parent : undefined);
        if (outside && !parentOf.has(parent.nodeId.toString())) next.set(parent.nodeId.toString(), parent.nodeId);
      }
    }
    wanted = next;
  }
  return new Map(
    types.map((type) => {
      const chain: { namespace: string; name: string }[] = [];
      for (
        let parent = parentOf.get(type);
        parent !== undefined && chain.length < MOST_SUPERTYPES;
        parent = parentOf.get(parent.nodeId.toString())
      )
        chain.push({ namespace: link.namespaces[parent.nodeId.namespace] ?? "", name: parent.browseName.name ?? "" });
      return [type, chain] as const;
    }),
  );
}

/** Browse names of the type definitions outside of namespace 0, by node id. */
async function typeNames(link: Link, objects: readonly FoundNode[]): Promise<ReadonlyMap<string, string>> {
  const types = new Map(
    objects.flatMap(({ typeDefinition }) =>
      typeDefinition === undefined || typeDefinition.namespace === 0 ? [] : [[typeDefinition.toString(), typeDefinition] as const],
    ),
  );
  const names = await readAll(
    link,
    [...types.values()].map((nodeId) => ({ nodeId, attributeId: AttributeIds.BrowseName })),
  );
  return new Map(
    [...types.keys()].flatMap((key, n) => {
      const name: unknown = (names[n]?.value?.value as { name?: unknown } | undefined)?.name;
      return typeof name === "string" && name !== "" ? [[key, name] as const] : [];
    }),
  );
}

function propertyText(value: unknown): string | undefined {
  const text = typeof value === "object" && value !== null ? (value as { text?: unknown }).text : value;
  if (typeof text !== "string" && typeof text !== "number") return undefined;
  const short = String(text).trim().slice(0, MOST_PROPERTY_TEXT);
  return short === "" ? undefined : short;
}

async function describe(link: Link, variables: readonly FoundVariable[]): Promise<Pick<BrowseResult, "drafts" | "skipped">> {
  const attributes = [AttributeIds.DataType, AttributeIds.ValueRank, AttributeIds.AccessLevel, AttributeIds.Description];
  const values = await readAll(
    link,
    variables.flatMap((variable) => attributes.map((attributeId) => ({ nodeId: variable.nodeId, attributeId }))),
  );
  const properties = await readProperties(link, variables);
  const types = new TypeTree(link);
  const drafts: SignalDraft[] = [];
  const skipped = new Map<string, number>();
  const inner: InnerVariable[] = [];
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  for (const [n, variable] of variables.entries()) {
    const [dataType, rank, access, description] = values.slice(n * attributes.length, (n + 1) * attributes.length);
    const accessLevel = numberOf(access) ?? 0;
    if ((accessLevel & 1) === 0) {
      skip("not readable");
      continue;
    }
    const isArray = (numberOf(rank) ?? -1) >= 0;
    const type = await types.resolve(dataType?.value?.value);
    if (isArray || type === undefined) {
      inner.push({ variable, isArray, description: textOf(description) });
      continue;
    }
    drafts.push(draft(link, variable, type, properties.get(variable) ?? NO_PROPERTIES, accessLevel, textOf(description)));
  }
  await describeInside(link, inner, drafts, skip);
  return { drafts, skipped: [...skipped].map(([reason, count]) => ({ reason, count })) };
}

interface InnerVariable {
  readonly variable: FoundVariable;
  readonly isArray: boolean;
  readonly description: string | undefined;
}

/** Elements and fields of one value that are proposed; longer arrays are pictures and curves. */
const MOST_INSIDE = 64;
const MOST_INNER_VARIABLES = 5_000;

/** Arrays and structures: what stands in them now, each scalar as a signal of its own. */
async function describeInside(
  link: Link,
  inner: readonly InnerVariable[],
  drafts: SignalDraft[],
  skip: (reason: string) => void,
): Promise<void> {
  const looked = inner.slice(0, MOST_INNER_VARIABLES);
  const values = await readAll(
    link,
    looked.map(({ variable }) => ({ nodeId: variable.nodeId, attributeId: AttributeIds.Value })),
  );
  for (const [n, { variable, isArray, description }] of inner.entries()) {
    const scalars = scalarsInside(values[n]?.value?.value);
    if (scalars === undefined) {
      skip(isArray ? "an array" : "a structure");
      continue;
    }
    const { nodeId, path, displayName } = variable;
    const uri = nodeId.namespace === 0 ? undefined : (link.namespaces[nodeId.namespace] ?? "");
    for (const { tokens, value } of scalars) {
      drafts.push({
        name: `${displayName}.${tokens.join(".")}`,
        path: [...path, ...tokens],
        address: formatAddress(uri, identifierOf(nodeId), tokens),
        valueType: typeof value === "number" ? "double" : typeof value === "boolean" ? "boolean" : "string",
        ...(description === undefined ? {} : { description }),
        writable: false,
        hasHistory: false,
      });
    }
  }
}

/** Undefined when there is nothing in it, or more than is proposed. */
function scalarsInside(value: unknown): readonly { readonly tokens: readonly string[]; readonly value: Scalar }[] | undefined {
  const plain = plainOf(value, 0);
  if (typeof plain !== "object" || plain === null) return undefined;
  const scalars = [...scalarsOf(plain, MOST_INSIDE + 1)];
  return scalars.length === 0 || scalars.length > MOST_INSIDE ? undefined : scalars;
}

/** Data of the library as plain data: typed arrays as arrays, texts of LocalizedText, no times, no bytes, nothing of its own machinery. */
function plainOf(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > 6 || value instanceof Date || Buffer.isBuffer(value) || value instanceof NodeId) return undefined;
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = [...(value as unknown as ArrayLike<unknown> & Iterable<unknown>)];
    return list.length > MOST_INSIDE ? undefined : list.map((each) => plainOf(each, depth + 1));
  }
  const text = (value as { text?: unknown }).text;
  if (typeof text === "string" && "locale" in value) return text;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key.startsWith("_") || key === "schema" ? [] : [[key, plainOf(each, depth + 1)]])),
  );
}

interface PropertyValues {
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly enumeration?: SignalDraft["enumeration"];
}

const NO_PROPERTIES: PropertyValues = {};

function draft(
  link: Link,
  variable: FoundVariable,
  type: ResolvedType,
  properties: PropertyValues,
  accessLevel: number,
  description: string | undefined,
): SignalDraft {
  const { nodeId, path, displayName } = variable;
  const enumeration = properties.enumeration ?? type.enumeration;
  return {
    name: displayName,
    path,
    address: nodeId.namespace === 0 ? identifierOf(nodeId) : formatAddress(link.namespaces[nodeId.namespace] ?? "", identifierOf(nodeId)),
    valueType: enumeration !== undefined && type.valueType === "integer" ? "enumeration" : type.valueType,
    ...(properties.unit === undefined ? {} : { unit: properties.unit }),
    ...(properties.low === undefined ? {} : { low: properties.low, high: properties.high }),
    ...(enumeration === undefined ? {} : { enumeration }),
    ...(description === undefined ? {} : { description }),
    writable: (accessLevel & 2) !== 0,
    hasHistory: (accessLevel & 4) !== 0,
  };
}

const WANTED = ["EngineeringUnits", "EURange", "EnumStrings", "EnumValues", "TrueState", "FalseState"] as const;

async function readProperties(link: Link, variables: readonly FoundVariable[]): Promise<Map<FoundVariable, PropertyValues>> {
  const wanted = variables.flatMap((variable) =>
    WANTED.flatMap((name) => {
      const nodeId = variable.properties.get(name);
      return nodeId === undefined ? [] : [{ variable, name, nodeId }];
    }),
  );
  const values = await readAll(
    link,
    wanted.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })),
  );
  const found = new Map<FoundVariable, PropertyValues>();
  for (const [n, { variable, name }] of wanted.entries()) {
    found.set(variable, { ...found.get(variable), ...propertyOf(name, values[n]?.value?.value) });
  }
  return found;
}

function propertyOf(name: (typeof WANTED)[number], value: unknown): PropertyValues {
  switch (name) {
    case "EngineeringUnits": {
      const text = (value as { displayName?: { text?: string | null } } | null)?.displayName?.text?.trim();
      return text ? { unit: text } : {};
    }
    case "EURange": {
      const range = value as { low?: number; high?: number } | null;
      // 0…0 is what servers send that never set it
      return typeof range?.low === "number" && typeof range.high === "number" && range.low < range.high
        ? { low: range.low, high: range.high }
        : {};
    }
    case "EnumStrings":
    case "EnumValues":
      return enumerationOf(value);
    default:
      return {};
  }
}

function enumerationOf(value: unknown): { enumeration?: SignalDraft["enumeration"] } {
  if (!Array.isArray(value) || value.length === 0) return {};
  const entries = (value as { text?: string | null; value?: unknown; displayName?: { text?: string | null } }[]).map((entry, position) =>
    entry.displayName === undefined
      ? { value: position, name: entry.text ?? "" }
      : { value: Array.isArray(entry.value) ? Number(entry.value[1]) : Number(entry.value), name: entry.displayName.text ?? "" },
  );
  return { enumeration: entries };
}

interface ResolvedType {
  readonly valueType: ValueType;
  readonly enumeration?: SignalDraft["enumeration"];
}

/** Finds the built-in type under a vendor's type by walking up its supertypes. */
export class TypeTree {
  readonly #link: Link;
  readonly #builtIns = new Map<string, Promise<DataType | undefined>>();
  readonly #known = new Map<string, Promise<ResolvedType | undefined>>();

  constructor(link: Link) {
    this.#link = link;
  }

  resolve(dataType: unknown): Promise<ResolvedType | undefined> {
    if (!(dataType instanceof NodeId)) return Promise.resolve(undefined);
    const key = dataType.toString();
    let type = this.#known.get(key);
    if (type === undefined) {
      type = this.#lookUp(dataType);
      this.#known.set(key, type);
    }
    return type;
  }

  /** The built-in type that is sent for a type: itself, or that of its nearest supertype (an enumeration is an Int32, Part 6, 5.2.4); undefined for a structure. */
  builtIn(dataType: NodeId): Promise<DataType | undefined> {
    const key = dataType.toString();
    let type = this.#builtIns.get(key);
    if (type === undefined) {
      type = this.#builtInOf(dataType);
      this.#builtIns.set(key, type);
    }
    return type;
  }

  async #builtInOf(dataType: NodeId): Promise<DataType | undefined> {
    if (dataType.namespace === 0 && typeof dataType.value === "number") {
      if (dataType.value === ENUMERATION) return DataType.Int32;
      if (dataType.value === STRUCTURE || dataType.value === BASE_DATA_TYPE) return undefined;
      if (dataType.value >= 1 && dataType.value <= 25) return dataType.value as DataType;
    }
    const parent = (await references(this.#link, [dataType], ReferenceTypeIds.HasSubtype, true))[0]![0]?.nodeId;
    return parent && this.builtIn(parent);
  }

  async #lookUp(dataType: NodeId): Promise<ResolvedType | undefined> {
    if (dataType.namespace === 0 && typeof dataType.value === "number") {
      const own = BUILT_IN.get(dataType.value);
      if (own !== undefined) return { valueType: own };
      if (dataType.value === DataType.ExtensionObject || dataType.value === 24) return undefined;
    }
    const parents = (await references(this.#link, [dataType], ReferenceTypeIds.HasSubtype, true))[0]!;
    const parent = parents[0]?.nodeId;
    if (parent === undefined) return undefined;
    const type = await this.resolve(parent);
    return type?.valueType === "enumeration" ? { ...type, ...(await this.#names(dataType)) } : type;
  }

  async #names(dataType: NodeId): Promise<{ enumeration?: SignalDraft["enumeration"] }> {
    const properties = (await references(this.#link, [dataType], ReferenceTypeIds.HasProperty))[0]!;
    for (const property of properties) {
      if (property.browseName.name !== "EnumStrings" && property.browseName.name !== "EnumValues") continue;
      const value = await this.#link.session.read({ nodeId: property.nodeId, attributeId: AttributeIds.Value });
      const named = enumerationOf(value.value?.value);
      if (named.enumeration !== undefined) return named;
    }
    // since 1.04 a type says its fields itself (Part 3, 5.8.3)
    const definition = await this.#link.session.read({ nodeId: dataType, attributeId: AttributeIds.DataTypeDefinition });
    const fields = (definition.value?.value as { readonly fields?: unknown } | null)?.fields;
    return enumerationOf(fields);
  }
}

const STRUCTURE = 22;
const BASE_DATA_TYPE = 24;
const ENUMERATION = 29;
const NUMBER = 26;
const BUILT_IN = new Map<number, ValueType>([
  [DataType.Boolean, "boolean"],
  ...[
    DataType.SByte,
    DataType.Byte,
    DataType.Int16,
    DataType.UInt16,
    DataType.Int32,
    DataType.UInt32,
    DataType.Int64,
    DataType.UInt64,
    27,
    28,
  ].map((type): [number, ValueType] => [type, "integer"]),
  [DataType.Float, "double"],
  [DataType.Double, "double"],
  [NUMBER, "double"],
  [DataType.String, "string"],
  [DataType.LocalizedText, "string"],
  [ENUMERATION, "enumeration"],
]);

export async function readAll(
  link: Link,
  nodes: readonly { readonly nodeId: NodeId; readonly attributeId: AttributeIds }[],
): Promise<DataValue[]> {
  const values: DataValue[] = [];
  for (let from = 0; from < nodes.length; from += link.limits.nodesPerRead) {
    values.push(...(await link.session.read(nodes.slice(from, from + link.limits.nodesPerRead))));
  }
  return values;
}

export function identifierOf(nodeId: NodeId): string {
  return nodeId.toString().replace(/^ns=\d+;/, "");
}

function numberOf(value: DataValue | undefined): number | undefined {
  const number: unknown = value?.value?.value;
  return typeof number === "number" ? number : undefined;
}

function textOf(value: DataValue | undefined): string | undefined {
  return (value?.value?.value as { text?: string | null } | undefined)?.text || undefined;
}
