import type { Place } from "../contract.ts";
import { linesWithin } from "./lines-within.ts";
import { pathOfPlace } from "./use-places.ts";

/** Of several lines the site that holds all of them, else the outermost place that does; undefined of less than two, and where none holds them all. */
export function wholeOf(places: readonly Place[]): string | undefined {
  const lines = places.filter(({ line }) => line !== undefined);
  if (lines.length < 2) return undefined;
  const holders = pathOfPlace(places, lines[0]!.id).filter(({ id }) => linesWithin(places, id).length === lines.length);
  return (holders.find(({ kind }) => kind === "site") ?? holders[0])?.id;
}
