// What is inside a value: elements of arrays, fields of structures, however deep, each found by the tokens of a JSON pointer.
import { message } from "@doppelwerk/messages";
import { DataType, NodeId, QualifiedName, Variant, VariantArrayType } from "node-opcua";
import type { UnsignedBits, ValueType } from "@doppelwerk/world";
import type { RawValue } from "../samples/accept-value.ts";
import type { Scalar } from "../samples/json-pointer.ts";
import { unsignedBitsOf } from "./unsigned-bits.ts";

/** Elements and fields of one value that are proposed; longer arrays are pictures and curves. */
const MAX_INSIDE = 64;
const MAX_DEPTH = 6;

export interface InnerScalar {
  /** As the library keeps them: fields begin with a small letter. They are the address. */
  readonly tokens: readonly string[];
  /** As the server calls them; the element of a matrix has an index a dimension. */
  readonly names: readonly string[];
  readonly value: Scalar | bigint;
  readonly valueType: ValueType;
  readonly enumeration?: readonly { readonly value: number; readonly name: string }[];
  readonly unsignedBits?: UnsignedBits;
}

/** What the library knows of a field of a structure (the server's DataTypeDefinition or its older binary dictionary). */
interface Field {
  readonly name: string;
  readonly originalName?: string;
  readonly fieldType: string;
  readonly basicDataType?: number;
  readonly isArray?: boolean;
  readonly category?: string;
  readonly schema?: { readonly enumValues?: Readonly<Record<string, number | string>>; readonly typedEnum?: unknown };
}

interface Schema {
  readonly fields?: readonly Field[];
  getBaseSchema?(): Schema | null;
}

/** A value with what is known of its type: the library keeps a 64-bit integer as [high, low], which without its type is an array of two. */
interface Place {
  readonly value: unknown;
  readonly type: string | undefined;
  readonly isArray: boolean;
  readonly field?: Field;
}

function rootOf({ dataType, arrayType, value }: Variant): Place {
  return { value, type: DataType[dataType], isArray: arrayType !== VariantArrayType.Scalar };
}

function childOf({ value, type, isArray, field }: Place, token: string): Place {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, token)) return NOTHING;
  if (value instanceof Variant && token === HELD) return rootOf(value);
  const child = (value as Record<string, unknown>)[token];
  if (isArray) return { value: child, type, isArray: false, ...(field === undefined ? {} : { field }) };
  const own = fieldsOf(value).find(({ name }) => name === token);
  return own === undefined
    ? { value: child, type: undefined, isArray: Array.isArray(child) }
    : { value: child, type: typeOf(own), isArray: own.isArray === true, field: own };
}

const HELD = "value";
const NOTHING: Place = { value: undefined, type: undefined, isArray: false };

/** Those of the types it derives from come first, as on the wire. */
function fieldsOf(structure: object): readonly Field[] {
  const fields: Field[] = [];
  for (
    let schema = (structure as { readonly schema?: Schema }).schema as Schema | null | undefined, depth = 0;
    schema && depth < 16;
    schema = schema.getBaseSchema?.(), depth++
  )
    fields.unshift(...(schema.fields ?? []));
  return fields;
}

function typeOf({ basicDataType, fieldType }: Field): string {
  return (basicDataType !== undefined ? DataType[basicDataType] : undefined) ?? fieldType;
}

/** Tokens as of `scalarsInside`; what is no scalar there is said to be what it is. */
export function rawInside(variant: Variant, tokens: readonly string[]): RawValue {
  let place = rootOf(variant);
  for (const token of tokens) place = childOf(place, token);
  const scalar = scalarOf(place);
  if (scalar !== undefined) return scalar;
  const { value } = place;
  if (value === undefined || value === null) return undefined;
  return {
    other: Array.isArray(value) || ArrayBuffer.isView(value) ? message("connectors.foundArray") : message("connectors.foundObject"),
  };
}

function scalarOf({ value, type, isArray }: Place): Scalar | bigint | undefined {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") return value;
  if (!isArray && (type === "Int64" || type === "UInt64") && Array.isArray(value)) return wide(value, type === "Int64");
  if (typeof value !== "object" || value === null) return undefined;
  if (value instanceof QualifiedName) return value.name ?? undefined;
  const text = (value as { text?: unknown }).text;
  return typeof text === "string" ? text : undefined;
}

/** The library keeps 64-bit integers as [high, low]. One that a number cannot hold is exact as a bigint. */
export function wide([high, low]: readonly number[], signed: boolean): number | bigint {
  const upper = signed ? high! | 0 : high! >>> 0;
  const value = upper * 4294967296 + (low! >>> 0);
  return Number.isSafeInteger(value) ? value : (BigInt(upper) << 32n) + BigInt(low! >>> 0);
}

/** Each scalar that stands in an array or a structure now; undefined when there is none, or more than is proposed. */
export function scalarsInside(variant: Variant | null | undefined): readonly InnerScalar[] | undefined {
  if (!variant) return undefined;
  const found: InnerScalar[] = [];
  const visit = (place: Place, tokens: readonly string[], names: readonly string[]): void => {
    const { value } = place;
    if (found.length > MAX_INSIDE || tokens.length > MAX_DEPTH) return;
    const scalar = scalarOf(place);
    if (scalar !== undefined) {
      if (tokens.length > 0) found.push({ tokens, names, value: scalar, ...meaningOf(place, scalar) });
      return;
    }
    // no times, no bytes, and nothing of the library's own machinery
    if (typeof value !== "object" || value === null || value instanceof Date || Buffer.isBuffer(value) || value instanceof NodeId) return;
    if (place.isArray || Array.isArray(value) || ArrayBuffer.isView(value)) {
      const { length } = value as ArrayLike<unknown>;
      if (length > MAX_INSIDE) return;
      const list: Place = { ...place, isArray: true };
      const dimensions = tokens.length === 0 ? variant.dimensions : undefined;
      for (let at = 0; at < length; at++) visit(childOf(list, String(at)), [...tokens, String(at)], [...names, ...indexes(at, dimensions)]);
      return;
    }
    // a list may hold values of any type: what each holds is meant, not how it says its type
    if (value instanceof Variant) return visit(childOf(place, HELD), [...tokens, HELD], names);
    const called = new Map(fieldsOf(value).map(({ name, originalName }) => [name, originalName ?? name]));
    for (const key of Object.keys(value))
      if (!key.startsWith("_") && key !== "schema") visit(childOf(place, key), [...tokens, key], [...names, called.get(key) ?? key]);
  };
  visit(rootOf(variant), [], []);
  return found.length === 0 || found.length > MAX_INSIDE ? undefined : found;
}

/** Of an element in the order of the wire: an index a dimension, the last one fastest (Part 6, 5.2.2.16). */
function indexes(at: number, dimensions: readonly number[] | null | undefined): readonly string[] {
  if (!dimensions || dimensions.length < 2) return [String(at)];
  const all: string[] = [];
  let rest = at;
  for (const dimension of dimensions.toReversed()) {
    all.unshift(String(rest % dimension));
    rest = Math.floor(rest / dimension);
  }
  return all;
}

const INTEGERS = new Set(["SByte", "Byte", "Int16", "UInt16", "Int32", "UInt32", "Int64", "UInt64"]);

function meaningOf({ type, field }: Place, value: Scalar | bigint): Pick<InnerScalar, "valueType" | "enumeration" | "unsignedBits"> {
  if (typeof value === "boolean") return { valueType: "boolean" };
  if (typeof value === "string") return { valueType: "string" };
  if (field?.category === "enumeration") {
    const enumeration = Object.entries(field.schema?.enumValues ?? {}).flatMap(([name, number]) =>
      typeof number === "number" ? [{ value: number, name }] : [],
    );
    return enumeration.length === 0 ? { valueType: "integer" } : { valueType: "enumeration", enumeration };
  }
  if (type === undefined || !INTEGERS.has(type)) return { valueType: "double" };
  return { valueType: "integer", ...unsignedBitsOf(DataType[type as keyof typeof DataType]) };
}
