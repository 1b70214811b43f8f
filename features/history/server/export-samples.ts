import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OctetsAnswer, PlantView } from "@doppelwerk/kit/server";
import {
  alignedRows,
  csvOfAligned,
  csvOfSamples,
  isState,
  parquetOfAligned,
  parquetOfSamples,
  samplesOf,
  type CsvSurroundings,
} from "@doppelwerk/storage/samples-file";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { LIVE, MINUTE, thinnedBefore, type Instant, type SignalRecord } from "@doppelwerk/world";
import { signalOf } from "./read-history.ts";
import type {} from "../message-codes.ts";

/** A table of more columns or rows is no table any more. */
const COLUMNS_MAX = 500;
const STEPS_MAX = 10_000_000;
/** Samples of a whole place in one file: more are no file that anything opens. */
const PLACE_SAMPLES_MAX = 5_000_000;

const mediaTypes = { csv: "text/csv; charset=utf-8; header=present", parquet: "application/vnd.apache.parquet" } as const;

export interface SampleExport {
  readonly signals: string;
  /** Those of a place, in place of `signals`: how many samples they have is bounded. */
  readonly of?: readonly SignalRecord[] | undefined;
  readonly from: Instant;
  readonly to: Instant;
  readonly format: "csv" | "parquet";
  readonly layout: "long" | "wide";
  readonly step?: number | undefined;
  readonly value: "mean" | "last" | "min" | "max";
  /** CSV with local time of this zone, and stations. */
  readonly zone?: string | undefined;
}

/** Who names a signal is told that he may not export it. */
function exportable(view: PlantView, signal: SignalRecord): SignalRecord {
  const decision = view.documents.may("export", LIVE, signal.id);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  return signal;
}

/** A file that is long in the making breaks off where one of its signals may not be read or exported any more. */
export async function* whileExportable<Part>(
  view: PlantView,
  signals: readonly SignalRecord[],
  parts: AsyncIterable<Part>,
): AsyncIterable<Part> {
  for await (const part of parts) {
    for (const { id } of signals) exportable(view, signalOf(view, id));
    yield part;
  }
}

/** What was recorded, as a file that streams: memory stays bounded however long the period is. */
export async function exportedSamples(
  view: PlantView,
  { signals: named, of, from, to, format, layout, step, value, zone }: SampleExport,
): Promise<OctetsAnswer> {
  const signals =
    of !== undefined || named === "all"
      ? (of ?? view.signals()).filter(({ id }) => view.documents.may("export", LIVE, id).allowed)
      : // one that is named twice is one
        [...new Set(named.split(",").filter((id) => id !== ""))].map((id) => exportable(view, signalOf(view, id)));
  const thinned = await thinnedBefore(
    view.history,
    signals.map(({ id }) => id),
  );
  if (layout === "long" && thinned !== undefined && from < thinned)
    throw new DoppelwerkError(
      "DW_INVALID",
      message("history.samplesBeforeThinnedRetentionSignal", { thinned: new Date(thinned / 1_000).toISOString() }),
    );
  const around = zone === undefined ? undefined : surroundings(view, zone);
  const answer = {
    type: mediaTypes[format],
    headers: { "content-disposition": `attachment; filename="${fileName(from, to, format)}"` },
  };
  if (layout === "long") {
    if (of !== undefined) await checkSize(view, signals, from, to);
    const parts = whileExportable(
      view,
      signals,
      samplesOf(view.history, signals, from, to, (signal) => view.originOf(signal)),
    );
    return { ...answer, body: format === "csv" ? csvOfSamples(parts, around) : parquetOfSamples(parts) };
  }
  if (step === undefined) throw new DoppelwerkError("DW_INVALID", message("history.wideLayoutNeedsStepSeconds"));
  const width = Math.round(step * 1_000_000);
  if (signals.length > COLUMNS_MAX)
    throw new DoppelwerkError("DW_INVALID", message("history.mostSignalsStandSideSide", { max: COLUMNS_MAX, count: signals.length }));
  if ((to - from) / width > STEPS_MAX) throw new DoppelwerkError("DW_INVALID", message("history.mostSteps", { max: STEPS_MAX }));
  const parts = whileExportable(view, signals, alignedRows(view.history, signals, from, to, width, value));
  const names = columnNames(signals, (signal) => around?.stationOf(signal) ?? "");
  return { ...answer, body: format === "csv" ? csvOfAligned(names, parts, around) : parquetOfAligned(names, signals.map(isState), parts) };
}

/** Throws DW_INVALID where signals have more samples than a file of a place holds. */
async function checkSize(view: PlantView, signals: readonly SignalRecord[], from: Instant, to: Instant): Promise<void> {
  let count = 0;
  for (const { id } of signals) {
    const { count: counts } = await view.history.buckets({ branch: LIVE, signal: id }, from, to, 1);
    count += counts[0] ?? 0;
    if (count > PLACE_SAMPLES_MAX)
      throw new DoppelwerkError("DW_INVALID", message("history.placeExportTooLarge", { max: PLACE_SAMPLES_MAX, signals: signals.length }));
  }
}

/** Throws DW_INVALID for a zone that is not known. */
function surroundings(view: PlantView, zone: string): CsvSurroundings {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    throw new DoppelwerkError("DW_INVALID", message("history.zoneUnknown", { zone: zone.slice(0, 100) }));
  }
  const offsetAt = zoneOffsetOf(zone);
  const reader = view.documents.reader(LIVE);
  // a shell is asked for once, not for each of the samples of its signals
  const stations = new Map<string, string>();
  const stationOf = (shell: string): string => {
    const [found] = reader.query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 });
    return String(found?.["idShort"] ?? "");
  };
  return {
    zone,
    localText: (time) => new Date(Math.floor((time + offsetAt(time) * MINUTE) / 1_000)).toISOString().slice(0, 23).replace("T", " "),
    stationOf({ shell }) {
      if (shell === undefined) return "";
      if (!stations.has(shell)) stations.set(shell, stationOf(shell));
      return stations.get(shell)!;
    },
  };
}

/** Names with stations and units; of several alike each with its id. */
function columnNames(signals: readonly SignalRecord[], stationOf: (signal: SignalRecord) => string): readonly string[] {
  const plain = signals.map((signal) => {
    const named = `${stationOf(signal)} ${signal.name}`.trim();
    return signal.unit === undefined ? named : `${named} [${signal.unit}]`;
  });
  return plain.map((name, i) => (plain.indexOf(name) === plain.lastIndexOf(name) ? name : `${name} ${signals[i]!.id}`));
}

function fileName(from: number, to: number, format: string): string {
  const day = (time: number) => new Date(time / 1_000).toISOString().slice(0, 16).replaceAll(/[-:]/g, "").concat("Z");
  return `samples-${day(from)}-${day(to)}.${format}`;
}
