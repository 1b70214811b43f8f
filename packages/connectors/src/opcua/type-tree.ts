import { AttributeIds, DataType, NodeId, ReferenceTypeIds } from "node-opcua";
import { boundedEnumeration, type SignalDraft, type UnsignedBits, type ValueType } from "@doppelwerk/world";
import { references } from "./ask-server.ts";
import { wide } from "./inside.ts";
import type { Link } from "./link.ts";
import { unsignedBitsOf } from "./unsigned-bits.ts";

export interface ResolvedType {
  readonly valueType: ValueType;
  readonly enumeration?: SignalDraft["enumeration"];
  readonly unsignedBits?: UnsignedBits;
  /** Where the type itself says it. */
  readonly unit?: string;
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
      if (own !== undefined) return { valueType: own, ...unsignedBitsOf(dataType.value) };
      // Part 3, 8.13
      if (dataType.value === DURATION) return { valueType: "double", unit: "ms" };
      if (dataType.value === STRUCTURE || dataType.value === BASE_DATA_TYPE) return undefined;
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
const DURATION = 290;
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
  [DataType.Guid, "string"],
  [DataType.XmlElement, "string"],
  [DataType.QualifiedName, "string"],
  [ENUMERATION, "enumeration"],
]);

/** Undefined for what is no signal: times, bytes, references, status codes, structures. */
export function valueTypeOfBuiltIn(dataType: DataType): ValueType | undefined {
  return BUILT_IN.get(dataType);
}

interface EnumEntry {
  readonly text?: string | null;
  readonly name?: string | null;
  readonly value?: unknown;
  readonly displayName?: { readonly text?: string | null };
}

/** Names of EnumStrings, EnumValues or the fields of an enumeration's definition. */
export function enumerationOf(value: unknown): { enumeration?: SignalDraft["enumeration"] } {
  if (!Array.isArray(value) || value.length === 0) return {};
  const entries = (value as (EnumEntry | null)[]).map((entry, position) => {
    const { text, name, value: number, displayName } = entry ?? {};
    return displayName === undefined
      ? { value: position, name: text ?? "" }
      : // a field of a definition may have its name only
        { value: Array.isArray(number) ? Number(wide(number as number[], true)) : Number(number), name: displayName.text || name || "" };
  });
  const enumeration = boundedEnumeration(entries);
  return enumeration === undefined ? {} : { enumeration };
}
