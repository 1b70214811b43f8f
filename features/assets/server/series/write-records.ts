import { setImmediate as turn } from "node:timers/promises";
import { message } from "@doppelwerk/kit";
import { DoppelwerkError, quality, type History, type Instant, type Quality } from "@doppelwerk/world";
import { qualityNames, samplesOf } from "@doppelwerk/storage/samples-file";
import { field, timeText } from "@doppelwerk/storage/samples-file";
import { lexicalOf } from "./read-series.ts";
import type { SeriesColumn } from "./time-series-submodel.ts";

/** A package is made in memory. */
const SAMPLES_MAX = 500_000;
const LINES_A_TURN = 5_000;

/** The records of a stretch as a CSV file: a line an instant, `Time00` first, a column a signal; of some signals a column with the quality besides. */
export interface RecordsFile {
  readonly text: string;
  readonly records: number;
  readonly first: Instant;
  readonly last: Instant;
  /** Columns of qualities and whose they are, in the order of the file. */
  readonly qualities: readonly { readonly idShort: string; readonly of: string }[];
}

interface Held {
  readonly time: Instant;
  /** As a field of CSV; "" = no value: bad, or an empty text. */
  readonly value: string;
  readonly quality: Quality;
}

/**
 * Every sample with from ≤ time < to. A quality is told wherever one of a signal is not good; two samples of one signal at one instant are two lines.
 * Undefined when nothing was measured. Errors: DW_INVALID for more than 500,000 samples.
 */
export async function recordsFile(
  history: History,
  columns: readonly SeriesColumn[],
  taken: ReadonlySet<string>,
  from: Instant,
  to: Instant,
): Promise<RecordsFile | undefined> {
  const series: (readonly Held[])[] = [];
  let count = 0;
  for (const { signal } of columns) {
    const held: Held[] = [];
    for await (const { times, values, qualities, texts } of samplesOf(history, [signal], from, to)) {
      for (let row = 0; row < times.length; row++) {
        const own = qualities[row] as Quality;
        const text = texts.get(row);
        const known = text === undefined ? lexicalOf(values[row]!, signal.valueType) : field(text);
        const value = own === quality.bad ? undefined : known;
        held.push({ time: times[row]!, value: value ?? "", quality: value === undefined ? quality.bad : own });
      }
      count += times.length;
      if (count > SAMPLES_MAX) throw new DoppelwerkError("DW_INVALID", message("assets.packageCarriesMostSamples", { max: SAMPLES_MAX }));
    }
    series.push(held);
  }
  if (count === 0) return undefined;
  const told = columns.map(({ idShort }, at) =>
    series[at]!.some(({ value, quality: own }) => own !== quality.good || value === "") ? freeName(`${idShort}_Quality`, taken) : undefined,
  );
  const header = columns.flatMap(({ idShort }, at) => (told[at] === undefined ? [idShort] : [idShort, told[at]]));
  const lines = await linesOf(series, told, LINES_A_TURN);
  return {
    text: [`Time00,${header.join(",")}\r\n`, ...lines.texts].join(""),
    records: lines.count,
    first: lines.first,
    last: lines.last,
    qualities: columns.flatMap(({ idShort }, at) => (told[at] === undefined ? [] : [{ idShort: told[at], of: idShort }])),
  };
}

function freeName(request: string, taken: ReadonlySet<string>): string {
  let name = request;
  for (let next = 2; taken.has(name); next++) name = `${request}_${next}`;
  return name;
}

/** The series merged by time; others get a turn in between. */
async function linesOf(series: readonly (readonly Held[])[], told: readonly (string | undefined)[], linesATurn: number) {
  const next = series.map(() => 0);
  const texts: string[] = [];
  const timeAt = (at: number): Instant => series[at]![next[at]!]?.time ?? Number.POSITIVE_INFINITY;
  const earliest = (): Instant => series.reduce((least, _, at) => Math.min(least, timeAt(at)), Number.POSITIVE_INFINITY);
  const first = earliest();
  let last = first;
  for (let time = first; time !== Number.POSITIVE_INFINITY; time = earliest()) {
    last = time;
    let line = timeText(time);
    for (const [at, held] of series.entries()) {
      const sample = timeAt(at) === time ? held[next[at]!++] : undefined;
      line += `,${sample?.value ?? ""}`;
      if (told[at] !== undefined) line += `,${qualityOf(sample)}`;
    }
    texts.push(`${line}\r\n`);
    if (texts.length % linesATurn === 0) await turn();
  }
  return { texts, count: texts.length, first, last };
}

/** Empty where the value says enough. */
function qualityOf(sample: Held | undefined): string {
  if (sample === undefined || (sample.quality === quality.good && sample.value !== "")) return "";
  return qualityNames[sample.quality];
}
