import type { Snapshot, StationSnapshot } from "@doppelwerk/client";
import type { Instant } from "@doppelwerk/world";
import { clockText } from "../time/format.ts";
import type { Zone } from "../time/zone.ts";
import type { Loaded } from "../session/use-load.ts";
import { stateLook } from "./state-look.ts";
import type { Translate } from "../language/catalogues.ts";

/** Places of a station of several of which some do not work because they failed or stand; undefined where all or none do. */
export function placesUp(station: Pick<StationSnapshot, "state" | "places">): { readonly up: number; readonly count: number } | undefined {
  const count = station.places.length;
  const down = station.places.filter(({ state }) => ["failed", "stopped"].includes(stateLook(state))).length;
  return count > 1 && down > 0 && down < count ? { up: count - down, count } : undefined;
}

/** `Running`, or where some of its places are down `Running, 5 of 6 places` (P7). */
export function stationWord(station: Pick<StationSnapshot, "state" | "places"> | undefined, t: Translate): string {
  const word = t(`state.${stateLook(station?.state ?? "unknown")}`);
  const places = station && placesUp(station);
  return places === undefined ? word : t("state.ofPlaces", { state: word, ...places });
}

/** Why a count of this shift is not there: nothing is scheduled, the past is still being read, or nothing was received. */
export function whyNoCount(snapshot: Snapshot | undefined, t: Translate, zone: Zone): string {
  if (snapshot?.reading !== undefined) return whyReading(snapshot.reading, t);
  if (snapshot !== undefined && snapshot.shift === undefined) return t("value.noShift");
  return snapshot?.watchedSince === undefined ? t("value.unknown") : whyWatched(snapshot.watchedSince, t, zone);
}

/** Why the figures of the shift are not there: they are on their way, could not be had, or there is nothing to count. */
export function whyNoFigures(figures: Loaded<unknown>, snapshot: Snapshot, t: Translate, zone: Zone): string {
  if (figures.kind === "failed") return figures.message;
  const asked = snapshot.reading === undefined && snapshot.watchedSince === undefined;
  return figures.kind === "loading" && asked ? t("value.onTheWay") : whyNoCount(snapshot, t, zone);
}

/** Work in process, with its error where there is one; unknown with the reason where it is. */
export function wipText(snapshot: Snapshot, t: Translate, zone: Zone): string {
  const { value, error } = snapshot.wip;
  if (value !== undefined) return error === 0 ? String(value) : `${value} ± ${error}`;
  if (snapshot.reading !== undefined) return whyReading(snapshot.reading, t);
  return snapshot.watchedSince === undefined ? t("value.unknown") : whyWatched(snapshot.watchedSince, t, zone);
}

function whyWatched(since: Instant, t: Translate, zone: Zone): string {
  return t("value.watchedSince", { clock: clockText(since, zone, false) });
}

/** What cannot be said of alarms while the past is read for the first time: which of the earlier ones are active. */
export function unknownAlarms(snapshot: Snapshot | undefined, t: Translate): string | undefined {
  if (snapshot?.alarmsUnknownBefore === undefined) return undefined;
  return t("value.alarmsUnknown", { percent: Math.floor((snapshot.reading ?? 0) * 100) });
}

/** Alarms of the past follow from its samples: before those are read nobody knows that there was none, or is. */
export function whyNoAlarms(snapshot: Snapshot | undefined, t: Translate): string | undefined {
  const unknown = unknownAlarms(snapshot, t);
  if (unknown !== undefined) return unknown;
  return snapshot === undefined || snapshot.live || snapshot.reading === undefined ? undefined : whyReading(snapshot.reading, t);
}

function whyReading(progress: number, t: Translate): string {
  return t("value.reading", { percent: Math.floor(progress * 100) });
}
