import type { LineFlow, PlannedStates } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { Stop } from "../contract.ts";
import { codedStops, type CodedStop, type Coding } from "../model/coded-stops.ts";
import { recordedStops } from "../model/recorded-stops.ts";
import type { KnownCoding } from "./codings.ts";

export interface StopsQuestion {
  readonly from: Instant;
  readonly to: Instant;
  readonly line: string | undefined;
  readonly station: string | undefined;
  /** Nothing is known of what is later. */
  readonly now: Instant;
}

/** A stop at the edge of the period is looked at whole up to here. */
const LEAD: Instant = 24 * 3_600_000_000;

export interface StopsOfStation {
  readonly station: string;
  readonly stops: readonly CodedStop[];
  readonly gone: readonly Coding[];
}

/** Planned states around a period, and the stops of its stations that meet it. Undefined where there is no such line. */
export async function stopsWithin(
  flow: Pick<LineFlow, "plannedStates">,
  codings: (from: Instant, to: Instant) => readonly KnownCoding[],
  { from, to, line, station, now }: StopsQuestion,
): Promise<{ readonly states: PlannedStates; readonly stations: readonly StopsOfStation[]; readonly end: Instant } | undefined> {
  const [begin, end] = [from - LEAD, Math.min(to + LEAD, now)];
  if (begin >= end) return { states: { stations: [], flows: [] }, stations: [], end };
  const states = await flow.plannedStates(begin, end, line);
  if (states === undefined) return undefined;
  const said = codings(begin, end);
  const stations = states.stations
    .filter((own) => station === undefined || own.station === station)
    .map((own): StopsOfStation => {
      const coded = codedStops(
        recordedStops(own.spans),
        said.filter((coding) => coding.station === own.station),
      );
      const isInside = (each: { readonly from: Instant; readonly to: Instant }): boolean => each.to > from && each.from < to;
      return { station: own.station, stops: coded.stops.filter(isInside), gone: coded.gone.filter(isInside) };
    });
  return { states, stations, end };
}

/** As it is answered. */
export function shownStop(
  station: string,
  stop: CodedStop,
  codings: ReadonlyMap<string, KnownCoding>,
  nameOf: (actor: string) => string,
): Stop {
  const { from, to, seconds, state, cause, reason, part, parts, recorded, coding: id } = stop;
  const coding = id === undefined ? undefined : codings.get(id);
  return {
    station,
    from,
    to,
    seconds,
    state,
    cause,
    ...(reason !== undefined && { reason }),
    ...(parts > 1 && { part, parts }),
    ...(recorded > 1 && { joined: recorded }),
    ...(coding && { coding: { id: coding.id, by: nameOf(coding.by), at: coding.at } }),
  };
}
