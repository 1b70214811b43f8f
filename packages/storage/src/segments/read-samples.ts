import type { SampleBatch } from "@doppelwerk/world";
import { originCodeOfGrade, qualityOfGrade } from "@doppelwerk/world/origin";
import { nodeFileLayer } from "../files/node-file-layer.ts";
import { droppedBefore } from "./drops.ts";
import { readFolder } from "./read-folder.ts";
import type { SeriesName } from "./segment-file.ts";

/** Rows of one branch; `signals` of the batch are places in the list of ids. */
export interface StoredSamples {
  readonly branch: string;
  readonly ids: readonly string[];
  readonly batch: SampleBatch;
}

interface Rows {
  readonly count: number;
  readonly times: Float64Array;
  readonly serverTimes: Float64Array;
  readonly values: Float64Array;
  readonly qualities: Uint8Array;
}

/**
 * Every row of a history folder that no process has open, in order of arrival, as it was appended; some may come twice. Changes nothing.
 * Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_UNAVAILABLE.
 */
export function* readSamples(directory: string): Generator<StoredSamples> {
  const { segments, logs, drops } = readFolder(nodeFileLayer, directory);
  try {
    const names = new Map<number, SeriesName>();
    for (const segment of segments) for (const name of segment.names) names.set(name.number, name);
    for (const { arrivals } of logs) for (const arrival of arrivals) for (const name of arrival.names) names.set(name.number, name);
    for (const segment of segments)
      for (const { number, branch, signal } of segment.names) {
        const cut = droppedBefore(drops, number, segment.span);
        const { start, end } = segment.index.range(number);
        for (let entry = start; entry < end; entry++) {
          if (segment.index.isLost(entry)) continue;
          const columns = segment.block(entry);
          const texts = new Map(columns.texts?.flatMap((text, row) => (text === undefined ? [] : [[row, text] as const])));
          const kept = [...Array(columns.count).keys()].filter((row) => columns.times[row]! >= cut);
          if (kept.length > 0) yield { branch, ids: [signal], batch: picked(columns, texts, kept) };
        }
      }
    for (const { arrivals } of logs)
      for (const arrival of arrivals) {
        // samples whose name is lost belong to nobody
        const rows = [...Array(arrival.count).keys()];
        const byBranch = Map.groupBy(rows, (row) => names.get(arrival.series[row]!)?.branch);
        for (const [branch, kept] of byBranch)
          if (branch !== undefined) yield { branch, ...named(arrival.series, kept, names, picked(arrival, arrival.texts, kept)) };
      }
  } finally {
    for (const segment of segments) segment.close();
  }
}

/** Which signal each of the rows is of. */
// oxlint-disable-next-line max-params -- the columns of an arrival
function named(
  series: Uint32Array,
  rows: readonly number[],
  names: ReadonlyMap<number, SeriesName>,
  batch: SampleBatch,
): Pick<StoredSamples, "ids" | "batch"> {
  const places = new Map<number, number>();
  const signals = Uint32Array.from(rows, (row) => {
    const number = series[row]!;
    if (!places.has(number)) places.set(number, places.size);
    return places.get(number)!;
  });
  return { ids: [...places.keys()].map((number) => names.get(number)!.signal), batch: { ...batch, signals } };
}

function picked({ times, serverTimes, values, qualities }: Rows, texts: ReadonlyMap<number, string>, rows: readonly number[]): SampleBatch {
  return {
    origin: "measured",
    origins: Uint8Array.from(rows, (row) => originCodeOfGrade(qualities[row]!)),
    count: rows.length,
    signals: new Uint32Array(rows.length),
    sourceTimes: Float64Array.from(rows, (row) => times[row]!),
    serverTimes: Float64Array.from(rows, (row) => serverTimes[row]!),
    values: Float64Array.from(rows, (row) => values[row]!),
    qualities: Uint8Array.from(rows, (row) => qualityOfGrade(qualities[row]!)),
    texts: new Map(
      rows.flatMap((row, at) => {
        const text = texts.get(row);
        return text === undefined ? [] : [[at, text] as const];
      }),
    ),
  };
}
