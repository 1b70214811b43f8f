import { DAY, HOUR, MINUTE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { KPI_NAMES, type KpiName } from "../model/kpi-names.ts";
import { WINDOWS, type WindowName } from "../model/spectrum.ts";

export const MODES = ["trend", "compare", "xy", "histogram", "spectrum", "curves"] as const;
export type Mode = (typeof MODES)[number];

export const SPANS = { "10m": 10 * MINUTE, "1h": HOUR, "8h": 8 * HOUR, "1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY } as const;
export type SpanName = keyof typeof SPANS;

export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** A stretch to compare with, and what people call it. */
export interface Compared extends Stretch {
  readonly label: string;
}

/** A limit that somebody drew across a signal. */
export interface DrawnLimit {
  readonly signal: string;
  readonly kind: "high" | "low";
  readonly at: number;
}

/** What the page shows; all of it travels in the link, and is what a saved trend holds. */
export interface Choice {
  readonly mode: Mode;
  /** Ids of signals, `kpi:NAME` of the line shown, and `future:BRANCH` of its simulated output. */
  readonly sources: readonly string[];
  readonly span: SpanName;
  /** Zoomed into; else the span up to the instant shown. */
  readonly range?: Stretch | undefined;
  readonly compared: readonly Compared[];
  readonly showsUsual: boolean;
  readonly limits: readonly DrawnLimit[];
  readonly hidesMarks: boolean;
  readonly lagS: number;
  /** Of the histogram: limits and bins that somebody wrote. */
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  readonly window: WindowName;
  readonly station?: string | undefined;
  readonly channel?: string | undefined;
  readonly serial?: string | undefined;
}

export const MAX_SOURCES = 12;
const MAX_COMPARED = 10;
const MAX_LIMITS = 6;

const NOTHING: Choice = {
  mode: "trend",
  sources: [],
  span: "8h",
  compared: [],
  showsUsual: false,
  limits: [],
  hidesMarks: false,
  lagS: 0,
  window: "hann",
};

export function formatChoice(choice: Choice): string {
  const words = new URLSearchParams();
  const { mode, sources, span, range, compared, limits } = choice;
  if (mode !== NOTHING.mode) words.set("m", mode);
  if (sources.length > 0) words.set("s", sources.join(","));
  if (span !== NOTHING.span) words.set("w", span);
  if (range !== undefined) words.set("r", `${Math.round(range.from)}-${Math.round(range.to)}`);
  for (const { from, to, label } of compared) words.append("c", `${Math.round(from)}-${Math.round(to)}~${label}`);
  if (choice.showsUsual) words.set("u", "1");
  for (const { signal, kind, at } of limits) words.append("l", `${kind}~${Number(at.toPrecision(6))}~${signal}`);
  if (choice.hidesMarks) words.set("q", "1");
  if (choice.lagS !== 0) words.set("d", String(choice.lagS));
  if (choice.lower !== undefined) words.set("lo", String(choice.lower));
  if (choice.upper !== undefined) words.set("hi", String(choice.upper));
  if (choice.window !== NOTHING.window) words.set("f", choice.window);
  for (const [key, value] of Object.entries({ st: choice.station, ch: choice.channel, sn: choice.serial }))
    if (value !== undefined && value !== "") words.set(key, value);
  return words.toString();
}

/** Reads what a link says; what it cannot mean falls back part by part. */
export function parseChoice(text: string | undefined): Choice {
  const words = new URLSearchParams(text ?? "");
  const word = (key: string): string | undefined => words.get(key) ?? undefined;
  const lag = Number(word("d") ?? 0);
  return {
    mode: MODES.find((mode) => mode === word("m")) ?? NOTHING.mode,
    sources: [...new Set((word("s") ?? "").split(",").filter((id) => id !== ""))].slice(0, MAX_SOURCES),
    span: (Object.keys(SPANS) as SpanName[]).find((span) => span === word("w")) ?? NOTHING.span,
    ...rangeOf(word("r")),
    compared: words.getAll("c").flatMap(comparedOf).slice(0, MAX_COMPARED),
    showsUsual: word("u") === "1",
    limits: words.getAll("l").flatMap(limitOf).slice(0, MAX_LIMITS),
    hidesMarks: word("q") === "1",
    lagS: Number.isFinite(lag) && Math.abs(lag) <= 86_400 ? lag : 0,
    lower: numberOf(word("lo")),
    upper: numberOf(word("hi")),
    window: WINDOWS.find((window) => window === word("f")) ?? NOTHING.window,
    station: word("st")?.slice(0, 200),
    channel: word("ch")?.slice(0, 100),
    serial: word("sn")?.slice(0, 200),
  };
}

function stretchOf(text: string | undefined): Stretch | undefined {
  const [from, to] = (/^(\d{1,16})-(\d{1,16})$/.exec(text ?? "")?.slice(1) ?? []).map(Number);
  return from !== undefined && to !== undefined && from < to ? { from, to } : undefined;
}

function rangeOf(text: string | undefined): { readonly range?: Stretch } {
  const range = stretchOf(text);
  return range === undefined ? {} : { range };
}

function comparedOf(text: string): Compared[] {
  const at = text.indexOf("~");
  const stretch = stretchOf(at < 0 ? text : text.slice(0, at));
  return stretch === undefined ? [] : [{ ...stretch, label: at < 0 ? "" : text.slice(at + 1, at + 101) }];
}

function limitOf(text: string): DrawnLimit[] {
  const [, kind, at, signal] = /^(high|low)~([^~]+)~(.{1,500})$/.exec(text) ?? [];
  const value = Number(at);
  return signal === undefined || at === undefined || !Number.isFinite(value) ? [] : [{ signal, kind: kind as "high" | "low", at: value }];
}

function numberOf(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || text === "" || !Number.isFinite(value) ? undefined : value;
}

export type Source =
  | { readonly kind: "signal"; readonly id: string }
  | { readonly kind: "kpi"; readonly kpi: KpiName }
  | { readonly kind: "future"; readonly branch: string };

export function sourceOf(id: string): Source {
  const kpi = KPI_NAMES.find((name) => id === `kpi:${name}`);
  if (kpi !== undefined) return { kind: "kpi", kpi };
  return id.startsWith("future:") ? { kind: "future", branch: id.slice("future:".length) } : { kind: "signal", id };
}

/** Of sources those that are signals. */
export function signalsOf(sources: readonly string[]): readonly string[] {
  return sources.filter((id) => sourceOf(id).kind === "signal");
}
