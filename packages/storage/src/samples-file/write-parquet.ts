import { originOfCode, originWord, type Quality } from "@doppelwerk/world";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { qualityNames, type AlignedRows, type SampleRows } from "./aligned-rows.ts";

const TIME = {
  name: "time",
  type: "INT64",
  repetition_type: "REQUIRED",
  logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
} as const;
const text = (name: string, repetition: "REQUIRED" | "OPTIONAL") =>
  ({ name, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" }, repetition_type: repetition }) as const;
const number = (name: string) => ({ name, type: "DOUBLE", repetition_type: "OPTIONAL" }) as const;

/** A Parquet file as it grows, a row group a part: time (UTC, µs), signal, name, unit, value, text, quality, origin. Null = unknown. */
export async function* parquetOfSamples(parts: AsyncIterable<SampleRows>): AsyncGenerator<Uint8Array> {
  const schema = [
    TIME,
    text("signal", "REQUIRED"),
    text("name", "REQUIRED"),
    text("unit", "OPTIONAL"),
    number("value"),
    text("text", "OPTIONAL"),
    text("quality", "REQUIRED"),
    text("origin", "REQUIRED"),
  ];
  yield* fileOf(schema, parts, ({ signal, origin, times, values, qualities, origins, texts }) => {
    const same = (value: string | null) => Array.from({ length: times.length }, () => value);
    return [
      bigTimes(times),
      same(signal.id),
      same(signal.name),
      same(signal.unit ?? null),
      known(values),
      Array.from(times, (_, row) => texts.get(row) ?? null),
      Array.from(qualities, (quality) => qualityNames[quality as Quality]),
      Array.from(origins, (code) => originWord(originOfCode(code) ?? origin)),
    ];
  });
}

/** One row a step, one column a signal; `states` says which are words. */
export async function* parquetOfAligned(
  names: readonly string[],
  states: readonly boolean[],
  parts: AsyncIterable<AlignedRows>,
): AsyncGenerator<Uint8Array> {
  const fields = names.map((name, at) => (states[at] === true ? text(name, "OPTIONAL") : number(name)));
  yield* fileOf([TIME, ...fields], parts, ({ times, columns }) => [
    bigTimes(times),
    ...columns.map((column) => (column instanceof Float64Array ? known(column) : column.map((state) => state ?? null))),
  ]);
}

type SchemaField = typeof TIME | ReturnType<typeof text> | ReturnType<typeof number>;
type Column = BigInt64Array | readonly (string | number | null)[];

async function* fileOf<Part>(
  fields: readonly SchemaField[],
  parts: AsyncIterable<Part>,
  columnsOf: (part: Part) => readonly Column[],
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({
    writer: bytes,
    schema: [{ name: "root", num_children: fields.length }, ...fields] as never,
    createdBy: "Doppelwerk",
  });
  // What was handed on is gone from memory; offsets in the file count on.
  const taken = (): Uint8Array => {
    const out = bytes.getBytes().slice();
    bytes.index = 0;
    return out;
  };
  for await (const part of parts) {
    const columns = columnsOf(part);
    if (columns[0]!.length === 0) continue;
    await file.write({ columnData: fields.map(({ name }, i) => ({ name, data: columns[i] as never })), rowGroupSize: columns[0]!.length });
    yield taken();
  }
  file.finish();
  yield taken();
}

function bigTimes(times: Float64Array): BigInt64Array {
  return BigInt64Array.from(times, (time) => BigInt(time));
}

function known(values: Float64Array): readonly (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
