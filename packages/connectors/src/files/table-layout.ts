import { message, type Message } from "@doppelwerk/messages";
import type { Instant, SignalRecord, ValueType } from "@doppelwerk/world";
import { z } from "zod";
import type { DraftCollector } from "../discovery/draft-collector.ts";
import { exampleOf, typeOfScalar } from "../discovery/draft-collector.ts";
import type { RawValue } from "../samples/accept-value.ts";
import { rawOfText, scalarOfText } from "../samples/raw-of-text.ts";
import { instantOf, isTimeZone } from "../samples/source-time.ts";
import { fault } from "@doppelwerk/messages/faults";

/** How rows become values; the same for files and for queries. */
export const tableSettings = {
  /** Column of the time; without it a column of a usual name, else the time of the file or of the question. */
  timeColumn: z.string().max(200).optional(),
  /** IANA zone of times without offset. */
  timeZone: z
    .string()
    .refine(isTimeZone, fault(message("connectors.faultTimeZone")))
    .default("UTC"),
  /** One row one value: the column that names it. Without it every column is a signal. */
  keyColumn: z.string().max(200).optional(),
  valueColumn: z.string().max(200).optional(),
  decimal: z.enum([".", ","]).default("."),
};
export interface TableSettings {
  readonly timeColumn?: string;
  readonly timeZone: string;
  readonly keyColumn?: string;
  readonly valueColumn?: string;
  readonly decimal: "." | ",";
}

const TIME_NAMES = /^(?:timestamp|time|datetime|date_time|ts|zeit|zeitstempel|datum|时间|日期|sourcetime|source_time)$/i;

export interface TableValue {
  readonly key: string;
  readonly text: string;
  /** Undefined = the row has none; "missing" = it should and has not. */
  readonly time: Instant | "missing" | undefined;
}

/** Knows the columns of one header; reads values out of rows. */
export class TableLayout {
  readonly #header: readonly string[];
  readonly #settings: TableSettings;
  readonly #time: number;
  readonly #key: number;
  readonly #value: number;
  /** Why no row of this header can be read. */
  readonly fault: Message | undefined;

  constructor(header: readonly string[], settings: TableSettings) {
    this.#header = header.map((name) => name.replace(/^\uFEFF/, "").trim());
    this.#settings = settings;
    const column = (name: string | undefined): number => (name === undefined ? -1 : this.#header.indexOf(name));
    this.#time = settings.timeColumn === undefined ? this.#header.findIndex((name) => TIME_NAMES.test(name)) : column(settings.timeColumn);
    this.#key = column(settings.keyColumn);
    this.#value = column(settings.valueColumn ?? (settings.keyColumn === undefined ? undefined : "value"));
    const missing = [settings.timeColumn, settings.keyColumn, settings.valueColumn].find((name) => name !== undefined && column(name) < 0);
    this.fault =
      missing !== undefined
        ? message("connectors.columnMissing", { name: missing, columns: this.#header.join(", ").slice(0, 200) })
        : this.#key >= 0 && this.#value < 0
          ? message("connectors.valueColumnRequired")
          : undefined;
  }

  /** Name of the column that the time of a row stands in. */
  get timeName(): string | undefined {
    return this.#header[this.#time];
  }

  /** The values of one row. */
  *values(row: readonly string[]): Generator<TableValue> {
    const time = this.#time < 0 ? undefined : (instantOf(row[this.#time] ?? "", this.#settings.timeZone) ?? "missing");
    if (this.#key >= 0) {
      const key = row[this.#key]?.trim() ?? "";
      if (key !== "") yield { key, text: row[this.#value] ?? "", time };
      return;
    }
    for (const [at, key] of this.#header.entries()) {
      if (at !== this.#time && key !== "" && row[at] !== undefined && row[at] !== "") yield { key, text: row[at], time };
    }
  }

  raw(text: string, valueType: ValueType): RawValue {
    return rawOfText(this.#point(text, valueType), valueType);
  }

  /** Proposals from the first rows. */
  propose(rows: readonly (readonly string[])[], collector: DraftCollector): void {
    for (const row of rows) {
      for (const { key, text } of this.values(row)) {
        const value = scalarOfText(this.#point(text, "double"));
        collector.add({ name: key, path: [key], address: key, valueType: typeOfScalar(value), example: exampleOf(value) });
      }
    }
  }

  #point(text: string, valueType: ValueType): string {
    if (this.#settings.decimal === "." || valueType === "string") return text;
    return /^\s*[+-]?[\d.]*,\d+\s*$/.test(text) ? text.replaceAll(".", "").replace(",", ".") : text;
  }
}

/** Address → positions of signals. */
export function indexByAddress(signals: readonly SignalRecord[]): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(signals.keys(), (index) => signals[index]!.address ?? "");
}
