import { AttributeIds, DataType, NodeId, StatusCodes, VariantArrayType, type DataValue, type Variant } from "node-opcua";
import type { ValueType } from "@doppelwerk/world";
import type { BrowseResult, SignalDraft } from "@doppelwerk/world";
import { formatAddress } from "./address.ts";
import { identifierOf, readAll } from "./ask-server.ts";
import { scalarsInside } from "./inside.ts";
import type { Link } from "./link.ts";
import { enumerationOf, TypeTree, valueTypeOfBuiltIn, type ResolvedType } from "./type-tree.ts";
import { unitOfNumber } from "./unit-codes.ts";
import { unsignedBitsOf } from "./unsigned-bits.ts";
import { message, type Message } from "@doppelwerk/messages";
import { SkipCounter } from "../discovery/skip-counter.ts";

export interface FoundVariable {
  readonly nodeId: NodeId;
  readonly path: readonly string[];
  readonly displayName: string;
  /** HasProperty targets by browse name. */
  properties: ReadonlyMap<string, NodeId>;
  /** Browse names of the variables below it. */
  children: ReadonlySet<string>;
}

/** A signal for every scalar that can be read, also for those inside arrays and structures; the rest is counted by reason. */
export async function describeVariables(
  link: Link,
  variables: readonly FoundVariable[],
): Promise<Pick<BrowseResult, "drafts" | "skipped">> {
  const attributes = [AttributeIds.DataType, AttributeIds.ValueRank, AttributeIds.AccessLevel, AttributeIds.Description];
  const values = await readAll(
    link,
    variables.flatMap((variable) => attributes.map((attributeId) => ({ nodeId: variable.nodeId, attributeId }))),
  );
  const properties = await readProperties(link, variables);
  const types = new TypeTree(link);
  const drafts: SignalDraft[] = [];
  const skipped = new SkipCounter();
  const inner: InnerVariable[] = [];
  const skip = (reason: Message): void => skipped.skip(reason);
  for (const [n, variable] of variables.entries()) {
    const [dataType, rank, access, description] = values.slice(n * attributes.length, (n + 1) * attributes.length);
    // small servers leave it out
    const accessLevel = numberOf(access) ?? READABLE;
    if ((accessLevel & READABLE) === 0) {
      skip(message("connectors.notReadable"));
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
  return { drafts, skipped: skipped.list() };
}

/** Part 3, 8.57. */
const READABLE = 1;

interface InnerVariable {
  readonly variable: FoundVariable;
  readonly isArray: boolean;
  readonly description: string | undefined;
}

const MAX_INNER_VARIABLES = 5_000;

/** Arrays, structures and variables of any type: what stands in them now, each scalar as a signal of its own. */
async function describeInside(
  link: Link,
  inner: readonly InnerVariable[],
  drafts: SignalDraft[],
  skip: (reason: Message) => void,
): Promise<void> {
  const looked = inner.slice(0, MAX_INNER_VARIABLES);
  const values = await readAll(
    link,
    looked.map(({ variable }) => ({ nodeId: variable.nodeId, attributeId: AttributeIds.Value })),
  );
  for (const [n, { variable, isArray, description }] of inner.entries()) {
    const { nodeId, path, displayName } = variable;
    const uri = nodeId.namespace === 0 ? undefined : (link.namespaces[nodeId.namespace] ?? "");
    const common = { ...(description === undefined ? {} : { description }), writable: false, hasHistory: false };
    const variant = values[n]?.value;
    if (values[n]?.statusCode.equals(StatusCodes.BadNotReadable) === true) {
      skip(message("connectors.notReadable"));
      continue;
    }
    const own = valueTypeOf(variant);
    if (own !== undefined && !isArray) {
      drafts.push({
        name: displayName,
        path,
        address: formatAddress(uri, identifierOf(nodeId)),
        valueType: own,
        ...unsignedBitsOf(variant!.dataType),
        ...common,
      });
      continue;
    }
    const scalars = scalarsInside(variant);
    if (scalars === undefined) {
      skip(isArray ? message("connectors.anArray") : nameOfType(variant));
      continue;
    }
    for (const { tokens, names, valueType, enumeration, unsignedBits } of scalars) {
      if (isNodeToo(names[0]!, variable.children)) continue;
      drafts.push({
        name: `${displayName}.${names.join(".")}`,
        path: [...path, ...names],
        address: formatAddress(uri, identifierOf(nodeId), tokens),
        valueType,
        ...(enumeration === undefined ? {} : { enumeration }),
        ...(unsignedBits === undefined ? {} : { unsignedBits }),
        ...common,
      });
    }
  }
}

/** Servers of PLCs show a structure as one value and each of its fields, or elements (`Zones[3]`), as a variable below it: that is the signal. */
function isNodeToo(name: string, children: ReadonlySet<string>): boolean {
  if (children.size === 0) return false;
  if (children.has(name)) return true;
  return /^\d+$/.test(name) && [...children].some((child) => child.endsWith(`[${name}]`));
}

/** Of a variable that may hold any type: that of what it holds now, as far as it is a scalar that can be a signal. */
function valueTypeOf(variant: Variant | null | undefined): ValueType | undefined {
  return !variant || variant.arrayType !== VariantArrayType.Scalar ? undefined : valueTypeOfBuiltIn(variant.dataType);
}

function nameOfType(variant: Variant | null | undefined): Message {
  if (!variant || variant.dataType === DataType.Null) return message("connectors.noValueOfAnyType");
  return variant.dataType === DataType.ExtensionObject
    ? message("connectors.aStructure")
    : message("connectors.valueOfType", { type: DataType[variant.dataType] });
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
  const unit = properties.unit ?? type.unit;
  return {
    name: displayName,
    path,
    address: formatAddress(nodeId.namespace === 0 ? undefined : (link.namespaces[nodeId.namespace] ?? ""), identifierOf(nodeId)),
    valueType: enumeration !== undefined && type.valueType === "integer" ? "enumeration" : type.valueType,
    ...(enumeration !== undefined || type.unsignedBits === undefined ? {} : { unsignedBits: type.unsignedBits }),
    ...(unit === undefined ? {} : { unit }),
    ...(properties.low === undefined ? {} : { low: properties.low, high: properties.high }),
    ...(enumeration === undefined ? {} : { enumeration }),
    ...(description === undefined ? {} : { description }),
    writable: (accessLevel & 2) !== 0,
    hasHistory: (accessLevel & 4) !== 0,
  };
}

const WANTED = ["EngineeringUnits", "EURange", "EnumStrings", "EnumValues", "FalseState", "TrueState"] as const;
/** Servers put the least and the greatest number of a type where nobody set a range. */
const NO_LIMIT = 1e30;

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
    const known = found.get(variable);
    const read = propertyOf(name, values[n]?.value?.value);
    // the two states of a truth value are a property each
    const isHalf = name === "FalseState" || name === "TrueState";
    const enumeration = isHalf && read.enumeration !== undefined ? [...(known?.enumeration ?? []), ...read.enumeration] : undefined;
    found.set(variable, { ...known, ...read, ...(enumeration && { enumeration }) });
  }
  return found;
}

function propertyOf(name: (typeof WANTED)[number], value: unknown): PropertyValues {
  switch (name) {
    case "EngineeringUnits": {
      const told = value as { displayName?: { text?: string | null }; namespaceUri?: unknown; unitId?: unknown } | null;
      const text = told?.displayName?.text?.trim();
      // a dash says that there is none
      const unit = text ? text : unitOfNumber(told?.namespaceUri, told?.unitId);
      return unit === undefined || /^[-–—]+$/.test(unit) ? {} : { unit };
    }
    case "EURange": {
      const range = value as { low?: number; high?: number } | null;
      // 0…0 is what servers send that never set it
      return typeof range?.low === "number" &&
        typeof range.high === "number" &&
        range.low < range.high &&
        range.low > -NO_LIMIT &&
        range.high < NO_LIMIT
        ? { low: range.low, high: range.high }
        : {};
    }
    case "EnumStrings":
    case "EnumValues":
      return enumerationOf(value);
    // TwoStateDiscreteType (Part 8, 5.3.3.2)
    case "FalseState":
    case "TrueState": {
      const text = (value as { text?: string | null } | null)?.text;
      return text ? { enumeration: [{ value: name === "TrueState" ? 1 : 0, name: text }] } : {};
    }
  }
}

function numberOf(value: DataValue | undefined): number | undefined {
  const number: unknown = value?.value?.value;
  return typeof number === "number" ? number : undefined;
}

function textOf(value: DataValue | undefined): string | undefined {
  return (value?.value?.value as { text?: string | null } | undefined)?.text || undefined;
}
