import { lexicalOfJson } from "@doppelwerk/aas";
import { message } from "@doppelwerk/kit";
import { DoppelwerkError, LIVE, quality, type Extent, type History, type Instant, type SampleColumns } from "@doppelwerk/world";
import { alignedRows, isState, type Aggregate } from "@doppelwerk/storage/samples-file";
import { thinnedBefore } from "@doppelwerk/world";
import type { SeriesColumn, SeriesRecord } from "./time-series-submodel.ts";

/** Records one answer holds at most: each is a collection of properties. */
const RECORDS_MAX = 10_000;

/** Everything stored with from ≤ time < to, a record an instant at which anything was measured. Errors: DW_INVALID for more than 10,000 records. */
export async function readRecords(
  history: History,
  columns: readonly SeriesColumn[],
  from: Instant,
  to: Instant,
): Promise<readonly SeriesRecord[]> {
  const thinned = await thinnedBefore(
    history,
    columns.map(({ signal }) => signal.id),
  );
  if (thinned !== undefined && from < thinned)
    throw new DoppelwerkError(
      "DW_INVALID",
      message("assets.samplesBeforeThinnedRetentionSignal", { thinned: new Date(thinned / 1_000).toISOString() }),
    );
  const rows = new Map<Instant, (SeriesRecord["values"][number] | undefined)[]>();
  for (const [at, { signal }] of columns.entries()) {
    const samples = await history.raw({ branch: LIVE, signal: signal.id }, from, to, RECORDS_MAX + 1);
    for (let row = 0; row < samples.times.length; row++) {
      const time = samples.times[row]!;
      let values = rows.get(time);
      if (values === undefined) rows.set(time, (values = Array.from({ length: columns.length })));
      values[at] = heldAt(samples, row, columns[at]!);
    }
    if (rows.size > RECORDS_MAX) throw new DoppelwerkError("DW_INVALID", message("assets.moreRecords", { max: RECORDS_MAX }));
  }
  return [...rows].toSorted(([a], [b]) => a - b).map(([time, values]) => ({ time, values }));
}

/** Bad is no value (P14). */
function heldAt({ values, qualities, texts }: SampleColumns, row: number, { signal }: SeriesColumn): SeriesRecord["values"][number] {
  if (qualities[row] === quality.bad) return undefined;
  const text = texts.get(row);
  const value = text ?? lexicalOf(values[row]!, signal.valueType);
  if (value === undefined) return undefined;
  return qualities[row] === quality.uncertain ? { value, quality: "uncertain" } : { value };
}

export function lexicalOf(value: number, valueType: SeriesColumn["signal"]["valueType"]): string | undefined {
  if (Number.isNaN(value)) return undefined;
  if (valueType === "boolean") return value === 0 ? "false" : "true";
  return lexicalOfJson(value, valueType === "double" ? "xs:double" : "xs:long");
}

/** A record a step: time-weighted mean, last, lowest or highest value, of a state the one at its end. Errors: DW_INVALID for more than 10,000 steps. */
export async function deriveRecords(
  history: History,
  columns: readonly SeriesColumn[],
  from: Instant,
  to: Instant,
  step: Instant,
  aggregate: Aggregate,
): Promise<{ readonly columns: readonly SeriesColumn[]; readonly records: readonly SeriesRecord[] }> {
  if ((to - from) / step > RECORDS_MAX) throw new DoppelwerkError("DW_INVALID", message("assets.moreSteps", { max: RECORDS_MAX }));
  const records: SeriesRecord[] = [];
  const parts = alignedRows(
    history,
    columns.map(({ signal }) => signal),
    from,
    to,
    step,
    aggregate,
  );
  for await (const part of parts)
    part.times.forEach((time, row) =>
      records.push({
        time,
        values: part.columns.map((values) => {
          const held = values[row];
          const value = typeof held === "number" ? lexicalOf(held, "double") : held;
          return value === undefined ? undefined : { value };
        }),
      }),
    );
  // A mean of integers is none.
  return { columns: columns.map((column) => (isState(column.signal) ? column : asDouble(column))), records };
}

function asDouble({ idShort, signal }: SeriesColumn): SeriesColumn {
  return { idShort, signal: { ...signal, valueType: "double" } };
}

/** What is stored of the signals with from ≤ time < to, taken together: samples, first and last time. */
export async function extentOf(
  history: History,
  columns: readonly SeriesColumn[],
  from: Instant,
  to: Instant,
): Promise<Extent | undefined> {
  let [first, last, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { signal } of columns) {
    const key = { branch: LIVE, signal: signal.id };
    const [firstRow, [lastRow]] = await Promise.all([history.raw(key, from, to, 1), history.at([key], to - 1)]);
    if (firstRow.times.length === 0 || lastRow === undefined) continue;
    first = Math.min(first, firstRow.times[0]!);
    last = Math.max(last, lastRow.time);
    count += (await history.buckets(key, from, to, 1)).count[0] ?? 0;
  }
  return count === 0 ? undefined : { first, last, count };
}

/** When the first sample of any of the signals was measured. */
export async function firstOf(history: History, columns: readonly SeriesColumn[]): Promise<Instant | undefined> {
  const extents = await Promise.all(columns.map(({ signal }) => history.extent({ branch: LIVE, signal: signal.id })));
  const first = Math.min(...extents.map((extent) => extent?.first ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(first) ? first : undefined;
}
