import { scaleLinear } from "d3-scale";
import type { Instant } from "@doppelwerk/world";
import { momentText, type Language } from "../../time/format.ts";
import { railTicks } from "../../time/ticks.ts";
import type { Zone } from "../../time/zone.ts";
import { placeLabels, textWidth, type PlacedLabel } from "./labels.ts";

/** Instants, with ticks on round times of the plant's zone. */
export interface TimeAxis {
  readonly kind: "time";
  readonly from: Instant;
  readonly to: Instant;
  readonly name?: string;
}

export interface NumberAxis {
  readonly kind: "number";
  readonly name?: string;
  readonly unit?: string;
  /** Decimals of a value that is read; from the distance of the ticks when absent. */
  readonly digits?: number;
  /** Which side is better: an arrow at the name points there. */
  readonly better?: "higher" | "lower";
  /** Ends where the values end, instead of at the next tick. */
  readonly isTight?: boolean;
  /** Values that the axis reaches whatever is drawn: 0 for counts. */
  readonly include?: readonly number[];
  /** Ticks on whole numbers only. */
  readonly isWhole?: boolean;
  /** How a value is written; with its sign for differences. */
  readonly text?: (value: number, digits: number) => string;
}

/** One place a label, in order; the value of x is its index. */
export interface CategoryAxis {
  readonly kind: "category";
  readonly labels: readonly string[];
  /** In full, where a value is read. */
  readonly titles?: readonly string[];
  readonly name?: string;
}

export type XAxis = TimeAxis | NumberAxis | CategoryAxis;

/** Maps values to pixels, and writes them. */
export interface ChartScale {
  readonly at: (value: number) => number;
  /** The distance of two categories, in pixels; 0 on other axes. */
  readonly slot: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
  /** A value in full, without its unit and with it. */
  readonly bare: (value: number) => string;
  readonly text: (value: number) => string;
}

/** A little room beyond the outermost values, so that no mark lies on the frame. */
const MARGIN = 0.05;
const [TICK_HEIGHT, MIN_TICK_HEIGHT] = [34, 20];
const LABEL_GAP = 14;
const TIME_SPACING = 72;
const LONG = 7_200_000_000;

/** The number axis from `low` to `high` pixels: round ticks, upwards as many as have room in height, across in width. */
export function numberScale(
  axis: NumberAxis,
  values: readonly number[],
  pixels: readonly [number, number],
  isUpwards: boolean,
): ChartScale {
  const [low, high] = extent([...values, ...(axis.include ?? [])]);
  const room = high > low ? (high - low) * MARGIN : Math.max(Math.abs(high) * MARGIN, 1e-9);
  const isEnd = (value: number): boolean => axis.include?.includes(value) === true;
  // where nothing is negative nothing is below zero either: counts, times and shares have no such values
  const from = isEnd(low) ? low : low >= 0 ? Math.max(0, low - room) : low - room;
  const to = isEnd(high) ? high : high <= 0 && low < 0 ? Math.min(0, high + room) : high + room;
  const length = Math.abs(pixels[1] - pixels[0]);
  const scale = scaleLinear([from, to], pixels);
  let count = Math.max(2, Math.floor(length / TICK_HEIGHT));
  const isTooDense = (ticks: ChartScale["ticks"]): boolean =>
    ticks.length > 1 && Math.abs(scale(ticks[1]!.value) - scale(ticks[0]!.value)) < MIN_TICK_HEIGHT;
  const write = axis.text ?? plainText;
  const ticksOf = (wanted: number): ChartScale["ticks"] => {
    const found = scale.ticks(wanted).filter((value) => axis.isWhole !== true || Number.isInteger(value));
    const digits = digitsBelow(stepOf(found));
    return found.map((value) => ({ value, text: write(value, digits) }));
  };
  if (isUpwards) {
    const ends = scale.domain();
    const widen = (): unknown => axis.isTight !== true && scale.domain(ends).nice(count);
    for (widen(); count > 1 && isTooDense(ticksOf(count)); widen()) count -= 1;
  }
  // across, a label needs its width
  while (!isUpwards && count > 2 && ticksOf(count).some(({ text }) => (textWidth(text) + LABEL_GAP) * (ticksOf(count).length + 1) > length))
    count -= 1;
  let ticks = ticksOf(count);
  while (isUpwards && isTooDense(ticks)) ticks = ticks.filter((_, index) => index % 2 === 0);
  const digits = axis.digits ?? (axis.isWhole === true ? 0 : digitsBelow(stepOf(ticks.map(({ value }) => value)) / 10));
  const unit = axis.unit === undefined || axis.unit === "" ? "" : `\u202f${axis.unit}`;
  const bare = (value: number): string => write(value, digits);
  return { at: scale, slot: 0, ticks, bare, text: (value) => `${bare(value)}${unit}` };
}

export function xScale(
  axis: XAxis,
  values: readonly number[],
  pixels: readonly [number, number],
  { zone, language }: { readonly zone: Zone; readonly language: Language },
): ChartScale {
  if (axis.kind === "number") return numberScale(axis, values, pixels, false);
  const length = Math.max(1, pixels[1] - pixels[0]);
  if (axis.kind === "category") {
    const count = Math.max(1, axis.labels.length);
    const labelOf = (value: number): string => (axis.titles ?? axis.labels)[value] ?? "";
    return {
      at: scaleLinear([-0.5, count - 0.5], pixels),
      slot: length / count,
      ticks: axis.labels.map((text, value) => ({ value, text })),
      bare: labelOf,
      text: labelOf,
    };
  }
  const { from } = axis;
  const to = Math.max(from + 1, axis.to);
  const ticks = railTicks({ from, to: to + 1, scale: (to - from) / length, zone, language, spacing: TIME_SPACING });
  const moment = (value: number): string => momentText(Math.round(value), zone, language, to - from < LONG);
  return {
    at: scaleLinear([from, to], pixels),
    slot: 0,
    // a narrow drawing may lie between two round times
    ticks: ticks.length === 0 ? [{ value: from, text: moment(from) }] : ticks.map(({ at, label }) => ({ value: at, text: label })),
    bare: moment,
    text: moment,
  };
}

/** The labels of an axis that runs across, none over another. */
export function labelsAcross(scale: ChartScale, width: number): readonly PlacedLabel[] {
  return placeLabels(
    scale.ticks.map(({ value, text }) => ({ at: scale.at(value), text })),
    width,
  );
}

function extent(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  return [finite.reduce((least, value) => Math.min(least, value)), finite.reduce((most, value) => Math.max(most, value))];
}

function stepOf(ticks: readonly number[]): number {
  return ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : 1;
}

/** Decimals that tell values of this distance apart. */
function digitsBelow(step: number): number {
  return Math.min(6, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

function plainText(value: number, digits: number): string {
  return value
    .toFixed(digits)
    .replace(/^-(0(\.0+)?)$/, "$1")
    .replace("-", "−");
}
