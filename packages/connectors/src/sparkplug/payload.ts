import { createRequire } from "node:module";
import { message } from "@doppelwerk/messages";
import type { org } from "sparkplug-payload/lib/sparkplugPayloadProto.js";
import type { Instant, ValueType } from "@doppelwerk/world";
import type { RawValue } from "../samples/accept-value.ts";

// The generated protobuf classes only: the package's own decoder guesses fields by type and misreads UInt32 of other encoders.
const proto = createRequire(import.meta.url)("sparkplug-payload/lib/sparkplugPayloadProto.js") as { readonly org: typeof org };
const { Payload, DataType } = proto.org.eclipse.tahu.protobuf;

export interface SparkplugMetric {
  /** Absent in data that goes by alias. */
  readonly name?: string;
  readonly alias?: number;
  /** 0 when the message leaves it out. */
  readonly dataType: number;
  readonly time?: Instant;
  readonly historical: boolean;
  readonly value: RawValue;
  /** OPC classic code of the property `Quality`: 192 good, 500 stale, 0 bad. */
  readonly qualityCode?: number;
  /** What a birth says of it beside its value. */
  readonly unit?: string;
  readonly low?: number;
  readonly high?: number;
  readonly description?: string;
}

export interface SparkplugPayload {
  readonly time?: Instant;
  readonly seq?: number;
  readonly metrics: readonly SparkplugMetric[];
}

/** Undefined when the bytes are no payload. `typeOf` knows from the birth what data leave out. */
export function decodePayload(
  bytes: Uint8Array,
  typeOf: (name: string | undefined, alias: number | undefined) => number,
): SparkplugPayload | undefined {
  let payload: InstanceType<typeof Payload>;
  try {
    payload = Payload.decode(bytes);
  } catch {
    return undefined;
  }
  return {
    time: has(payload, "timestamp") ? millisecondsOf(payload.timestamp) : undefined,
    seq: has(payload, "seq") ? numberOf(payload.seq, false) : undefined,
    metrics: payload.metrics.flatMap((metric) => decodeMetrics(metric, typeOf, "", 0)),
  };
}

/** Templates inside templates are followed this deep. */
const DEEPEST_TEMPLATE = 8;

/** A metric, or the metrics of the template instance it is (`instance/member`). Definitions say what could be, not what is. */
function decodeMetrics(
  metric: ProtoMetric,
  typeOf: (name: string | undefined, alias: number | undefined) => number,
  prefix: string,
  depth: number,
): SparkplugMetric[] {
  const template = has(metric, "templateValue") ? metric.templateValue : undefined;
  if (template === undefined || template === null) {
    const decoded = decodeMetric(metric, (name, alias) => typeOf(name === undefined ? undefined : `${prefix}${name}`, alias));
    if (prefix === "") return [decoded];
    return decoded.name === undefined ? [decoded] : [{ ...decoded, name: `${prefix}${decoded.name}` }];
  }
  if (template.isDefinition === true || depth >= DEEPEST_TEMPLATE) return [];
  const inner = `${prefix}${metric.name ?? ""}/`;
  const time = has(metric, "timestamp") ? millisecondsOf(metric.timestamp) : undefined;
  return (template.metrics ?? []).flatMap((member) =>
    decodeMetrics(member, typeOf, inner, depth + 1).map((each) => (each.time === undefined ? { ...each, time } : each)),
  );
}

type ProtoMetric = org.eclipse.tahu.protobuf.Payload.IMetric;

function decodeMetric(metric: ProtoMetric, typeOf: (name: string | undefined, alias: number | undefined) => number): SparkplugMetric {
  const name = metric.name || undefined;
  const alias = has(metric, "alias") ? numberOf(metric.alias, false) : undefined;
  const declared = has(metric, "datatype") ? metric.datatype! : 0;
  const dataType = declared === 0 ? typeOf(name, alias) : declared;
  return {
    name,
    alias,
    dataType,
    time: has(metric, "timestamp") ? millisecondsOf(metric.timestamp) : undefined,
    historical: metric.isHistorical === true,
    value: metric.isNull === true ? undefined : valueOf(metric, dataType),
    qualityCode: qualityOf(metric),
    ...descriptionOf(metric),
  };
}

/** The field that was sent decides; the type says only how its bits are meant. */
function valueOf(metric: ProtoMetric, dataType: number): RawValue {
  if (has(metric, "intValue")) return integer(metric.intValue! >>> 0, dataType);
  if (has(metric, "longValue")) return long(metric.longValue, dataType);
  if (has(metric, "floatValue")) return metric.floatValue!;
  if (has(metric, "doubleValue")) return metric.doubleValue!;
  if (has(metric, "booleanValue")) return metric.booleanValue!;
  if (has(metric, "stringValue")) return metric.stringValue!;
  if (has(metric, "bytesValue")) return { other: message("connectors.foundBytes") };
  if (has(metric, "datasetValue")) return { other: message("connectors.foundDataSet") };
  if (has(metric, "templateValue")) return { other: message("connectors.foundTemplate") };
  return undefined;
}

function integer(bits: number, dataType: number): number | boolean {
  switch (dataType) {
    case DataType.Int8:
      return (bits << 24) >> 24;
    case DataType.Int16:
      return (bits << 16) >> 16;
    case DataType.Int32:
    case DataType.Int64:
      return bits | 0;
    case DataType.Boolean:
      return bits !== 0;
    default:
      return bits;
  }
}

function long(value: unknown, dataType: number): number | boolean {
  const unsigned = numberOf(value, false);
  if (dataType === DataType.Int8 || dataType === DataType.Int16 || dataType === DataType.Int32)
    return integer(unsigned % 4294967296, dataType);
  return dataType === DataType.Int64 ? numberOf(value, true) : unsigned;
}

interface LongBits {
  readonly low: number;
  readonly high: number;
}

function numberOf(value: unknown, signed: boolean): number {
  if (typeof value === "number") return value;
  const { low, high } = value as LongBits;
  return (signed ? high | 0 : high >>> 0) * 4294967296 + (low >>> 0);
}

function millisecondsOf(value: unknown): Instant {
  return numberOf(value, false) * 1000;
}

function qualityOf(metric: ProtoMetric): number | undefined {
  const { properties } = metric;
  const position = properties?.keys?.indexOf("Quality") ?? -1;
  const value = position < 0 ? undefined : properties?.values?.[position];
  return value && has(value, "intValue") ? value.intValue! : undefined;
}

const UNIT = ["engUnit", "Engineering Units", "unit", "units"];

/** The properties that tools in the field use for unit and range; none is in the standard. */
function descriptionOf(metric: ProtoMetric): Pick<SparkplugMetric, "unit" | "low" | "high" | "description"> {
  const { properties } = metric;
  if (!properties?.keys || properties.keys.length === 0) return {};
  const value = (names: readonly string[]): string | number | undefined => {
    const position = properties.keys!.findIndex((key) => names.includes(key));
    const property = position < 0 ? undefined : properties.values?.[position];
    if (!property) return undefined;
    if (has(property, "stringValue")) return property.stringValue!;
    if (has(property, "doubleValue")) return property.doubleValue!;
    if (has(property, "floatValue")) return property.floatValue!;
    return has(property, "intValue") ? property.intValue! : undefined;
  };
  const [unit, low, high, description] = [
    value(UNIT),
    value(["engLow"]),
    value(["engHigh"]),
    value(["Documentation", "documentation", "description"]),
  ];
  return {
    ...(typeof unit === "string" && unit !== "" ? { unit } : {}),
    ...(typeof low === "number" && typeof high === "number" && low < high ? { low, high } : {}),
    ...(typeof description === "string" && description !== "" ? { description } : {}),
  };
}

/** Generated classes have the defaults on the prototype: own = was sent. */
function has(object: object, field: string): boolean {
  return (
    Object.hasOwn(object, field) &&
    (object as Record<string, unknown>)[field] !== null &&
    (object as Record<string, unknown>)[field] !== undefined
  );
}

/** What a data type of Sparkplug is as a signal; undefined for bytes, data sets, arrays and templates. */
export function valueTypeOf(dataType: number): ValueType | undefined {
  switch (dataType) {
    case DataType.Int8:
    case DataType.Int16:
    case DataType.Int32:
    case DataType.Int64:
    case DataType.UInt8:
    case DataType.UInt16:
    case DataType.UInt32:
    case DataType.UInt64:
    case DataType.DateTime:
      return "integer";
    case DataType.Float:
    case DataType.Double:
      return "double";
    case DataType.Boolean:
      return "boolean";
    case DataType.String:
    case DataType.Text:
    case DataType.UUID:
      return "string";
    default:
      return undefined;
  }
}

/** NCMD that asks an edge node for its births. */
export function encodeRebirth(time: Instant): Uint8Array {
  const metric = { name: "Node Control/Rebirth", datatype: DataType.Boolean, booleanValue: true, timestamp: Math.floor(time / 1000) };
  return Payload.encode(Payload.create({ timestamp: Math.floor(time / 1000), metrics: [metric] })).finish();
}
