import { DAY, dayStart, fromLocal, nextDay, toLocal, type Zone } from "@doppelwerk/kit/studio";
import type { Instant } from "@doppelwerk/world";
import { MEDIA, type Medium } from "../../model/energy-units.ts";

/** Days before the instant shown; `shift` is the one that runs then. */
export const SPANS = { shift: 1 / 3, day: 1, week: 7, month: 30 } as const;
export type SpanName = keyof typeof SPANS;
export const TABS = ["use", "load", "performance", "whatIf"] as const;
export type EnergyTab = (typeof TABS)[number];

/** What the page shows; it is the detail of its address. */
export interface EnergyChoice {
  readonly tab: EnergyTab;
  /** A name, or the first and the last day of an own span: `2026-11-01`. */
  readonly span: SpanName | { readonly first: string; readonly last: string };
  readonly medium: Medium;
  /** The whole plant, or the line that is shown. */
  readonly isPlant: boolean;
}

const OWN = /^(\d{4}-\d\d-\d\d)_(\d{4}-\d\d-\d\d)$/;

/** `use.week.electricity.line`, `load.2026-11-01_2026-11-20.gas.plant`. */
export function choiceOf(detail: string | undefined): EnergyChoice {
  const [tab = "", span = "", medium = "", scope = ""] = (detail ?? "").split(".");
  const [, first, last] = OWN.exec(span) ?? [];
  const own = first !== undefined && last !== undefined && first <= last && isDay(first) && isDay(last) ? { first, last } : undefined;
  return {
    tab: TABS.find((each) => each === tab) ?? "use",
    span: own ?? (Object.hasOwn(SPANS, span) ? (span as SpanName) : "day"),
    medium: MEDIA.find((each) => each === medium) ?? "electricity",
    isPlant: scope === "plant",
  };
}

export function detailOf({ tab, span, medium, isPlant }: EnergyChoice): string {
  return [tab, typeof span === "string" ? span : `${span.first}_${span.last}`, medium, isPlant ? "plant" : "line"].join(".");
}

/** Of a named span up to the instant; of an own one whole days by the clock of the plant, at most to the instant. */
export function spanOf(
  { span }: EnergyChoice,
  at: Instant,
  zone: Zone,
  shift?: { readonly from: Instant },
): { readonly from: Instant; readonly to: Instant } {
  if (typeof span !== "string") return { from: dayOf(span.first, zone), to: Math.min(nextDay(zone, dayOf(span.last, zone)), at) };
  if (span === "shift" && shift !== undefined && shift.from < at) return { from: shift.from, to: at };
  return { from: at - SPANS[span] * DAY, to: at };
}

/** Beginning of a day by the clock of the plant. */
export function dayOf(day: string, zone: Zone): Instant {
  return dayStart(zone, fromLocal(zone, Date.parse(`${day}T12:00:00Z`) * 1_000));
}

export function dayNameOf(at: Instant, zone: Zone): string {
  return new Date(toLocal(zone, at) / 1_000).toISOString().slice(0, 10);
}

const isDay = (day: string): boolean => !Number.isNaN(Date.parse(`${day}T12:00:00Z`));
