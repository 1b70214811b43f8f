import {
  csvFieldOfText,
  originOfCode,
  originWord,
  withoutApostrophe,
  zoneFieldText,
  type Quality,
  type SignalRecord,
} from "@doppelwerk/world";
import { qualityNames, type AlignedRows, type SampleRows } from "./aligned-rows.ts";

/** What a file says beside the samples: the local time of a zone, and the station of each signal. */
export interface CsvSurroundings {
  readonly zone: string;
  localText(time: number): string;
  /** Empty where it has none. */
  stationOf(signal: SignalRecord): string;
}

/** Lines of RFC 4180, a header first; times in ISO 8601 UTC to the microsecond; an unknown value is an empty field. */
export async function* csvOfSamples(parts: AsyncIterable<SampleRows>, around?: CsvSurroundings): AsyncGenerator<string> {
  yield `${headOf(around)},${around === undefined ? "" : "station,"}signal,name,unit,value,text,quality,origin\r\n`;
  for await (const { signal, origin, times, values, qualities, origins, texts } of parts) {
    const station = around === undefined ? "" : `,${field(around.stationOf(signal))}`;
    const named = `${station},${field(signal.id)},${field(signal.name)},${field(signal.unit ?? "")},`;
    let text = "";
    for (let row = 0; row < times.length; row++)
      text += `${timeFields(times[row]!, around)}${named}${numberText(values[row]!)},${field(texts.get(row) ?? "")},${qualityNames[qualities[row] as Quality]},${originWord(originOfCode(origins[row]!) ?? origin)}\r\n`;
    yield text;
  }
}

/** One line a step, one column a signal. */
export async function* csvOfAligned(
  names: readonly string[],
  parts: AsyncIterable<AlignedRows>,
  around?: Pick<CsvSurroundings, "zone" | "localText">,
): AsyncGenerator<string> {
  yield `${headOf(around)},${names.map(field).join(",")}\r\n`;
  for await (const { times, columns } of parts) {
    let text = "";
    for (let row = 0; row < times.length; row++)
      text += `${timeFields(times[row]!, around)},${columns.map((column) => cell(column[row])).join(",")}\r\n`;
    yield text;
  }
}

type Clock = Pick<CsvSurroundings, "zone" | "localText"> | undefined;

const headOf = (clock: Clock): string => (clock === undefined ? "time" : `time (UTC),${field(`time (${zoneFieldText(clock.zone)})`)}`);
const timeFields = (time: number, clock: Clock): string =>
  clock === undefined ? timeText(time) : `${timeText(time)},${clock.localText(time)}`;

function cell(value: number | string | undefined): string {
  return typeof value === "number" ? numberText(value) : field(value ?? "");
}

export function timeText(time: number): string {
  const millis = Math.floor(time / 1_000);
  return `${new Date(millis).toISOString().slice(0, -1)}${String(time - millis * 1_000).padStart(3, "0")}Z`;
}

function numberText(value: number): string {
  return Number.isNaN(value) ? "" : value === Infinity ? "INF" : value === -Infinity ? "-INF" : String(value);
}

/** What was written as a field, without the apostrophe that was put in front of it. */
export const textOfField = withoutApostrophe;

/** Spreadsheets take a text that begins like a formula for one, and plants send texts: such a text gets an apostrophe in front. */
export const field = csvFieldOfText;
