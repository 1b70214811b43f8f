import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { spanOfTile, type TileColumn, type TileKind, type TileQuestion, type TileTable } from "@doppelwerk/ports";
import { LIVE, nameOfValue, quality, type Instant, type Principal, type RecordId, type SignalRecord } from "@doppelwerk/world";
import type {} from "../message-codes.ts";

const MAX_TREND = 6;
const MAX_VALUES = 40;
/** About one for two pixels of a tile. */
const POINTS = 240;
const WORDS: ReadonlySet<string> = new Set(["string", "boolean"]);

export interface HistoryTileSources {
  now(): Instant;
  view(principal: Principal): PlantView;
}

const titleOf = (key: string) => textsOf(message(`history.tile.${key}` as "history.tile.trend"));

/** What was recorded of signals. A branch has no samples of its own: it shows those of the plant up to its fork. */
export function historyTiles(sources: HistoryTileSources): readonly TileKind[] {
  const signals = (most: number) => ({ key: "signals", title: titleOf("signals"), kind: "signals" as const, most, isRequired: true });
  return [
    {
      id: "history.trend",
      title: titleOf("trend"),
      about: titleOf("trendAbout"),
      shape: "trend",
      fields: [signals(MAX_TREND), { key: "hours", title: titleOf("hours"), kind: "hours" }],
      least: { width: 260, height: 140 },
      read: (question) => readTrend(question, sources),
    },
    {
      id: "history.values",
      title: titleOf("values"),
      about: titleOf("valuesAbout"),
      shape: "table",
      fields: [signals(MAX_VALUES)],
      least: { width: 240, height: 120 },
      read: (question) => readValues(question, sources),
    },
  ];
}

function asked({ principal, settings }: TileQuestion, sources: HistoryTileSources, most: number) {
  const view = sources.view(principal);
  const ids = (Array.isArray(settings["signals"]) ? settings["signals"] : []).slice(0, most) as readonly RecordId[];
  const known = ids.flatMap((id) => view.signal(id) ?? []);
  return { view, known, missing: ids.length - known.length, isNone: ids.length === 0 };
}

function noteOf({ missing, isNone }: { readonly missing: number; readonly isNone: boolean }) {
  if (isNone) return { note: titleOf("noSignals") };
  return missing === 0 ? {} : { note: textsOf(message("history.tile.missing", { count: missing })) };
}

async function readTrend(question: TileQuestion, sources: HistoryTileSources): Promise<TileTable> {
  const { view, known, ...rest } = asked(question, sources, MAX_TREND);
  const at = question.at ?? sources.now();
  const span = spanOfTile(question.settings, 1);
  // whole buckets, so that a curve does not tremble while it goes on
  const width = Math.ceil(span / POINTS);
  const to = Math.ceil(at / width) * width;
  const from = to - width * POINTS;
  const series = await Promise.all(known.map(({ id }) => view.history.buckets({ branch: LIVE, signal: id }, from, to, POINTS)));
  const columns: TileColumn[] = [
    { key: "at", title: titleOf("at"), kind: "instant" },
    ...known.map(({ unit }, index) => ({
      key: `s${index}`,
      title: nameOf(known[index]!),
      kind: "number" as const,
      ...(unit !== undefined && { unit }),
    })),
  ];
  const rows = Array.from({ length: POINTS }, (_, bucket) => ({
    at: from + width * bucket,
    ...Object.fromEntries(series.map(({ mean }, index) => [`s${index}`, finite(mean[bucket])])),
  })).filter((row, index) => index === 0 || row.at < at);
  return { columns, rows, at, from, isSimulated: known.some((signal) => view.originOf(signal) === "simulated"), ...noteOf(rest) };
}

async function readValues(question: TileQuestion, sources: HistoryTileSources): Promise<TileTable> {
  const { view, known, ...rest } = asked(question, sources, MAX_VALUES);
  const at = question.at ?? sources.now();
  const keys = known.map(({ id }) => ({ branch: LIVE, signal: id }));
  const live = question.at === undefined ? known.map(({ id }) => view.live(id)) : [];
  const past = question.at === undefined ? [] : await view.history.at(keys, question.at);
  const rows = known.map((signal, index) => {
    const now = live[index];
    const then = past[index];
    const sample = now === undefined ? then : { value: now.value, quality: now.quality, time: now.sourceTime };
    const isBad = sample === undefined || sample.quality === quality.bad;
    return {
      name: nameOf(signal),
      value: isBad ? null : (valueOf(signal, then?.text ?? sample.value) ?? null),
      unit: signal.unit ?? "",
      quality: sample === undefined ? titleOf("never") : titleOf(isBad ? "bad" : sample.quality === quality.good ? "good" : "uncertain"),
      time: sample?.time ?? null,
    };
  });
  const columns: TileColumn[] = [
    { key: "name", title: titleOf("signal"), kind: "text" },
    { key: "value", title: titleOf("value"), kind: "number" },
    { key: "unit", title: titleOf("unit"), kind: "text" },
    { key: "quality", title: titleOf("quality"), kind: "text" },
    { key: "time", title: titleOf("at"), kind: "instant" },
  ];
  return { columns, rows, at, isSimulated: known.some((signal) => view.originOf(signal) === "simulated"), ...noteOf(rest) };
}

function valueOf(signal: SignalRecord, value: unknown): number | string | undefined {
  const name = nameOfValue(signal.enumeration, value as number);
  if (name !== undefined) return name;
  if (typeof value === "number") return Number.isFinite(value) && !WORDS.has(signal.valueType) ? value : String(value);
  return typeof value === "string" || typeof value === "boolean" ? String(value) : undefined;
}

function nameOf({ name, names }: SignalRecord) {
  const of = (tag: string): string => Object.entries(names ?? {}).find(([key]) => key.toLowerCase().startsWith(tag))?.[1] ?? name;
  return { en: of("en"), zh: of("zh") };
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
