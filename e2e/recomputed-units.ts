// The way of each unit through inspection and rework, by the serial numbers that stations read on the way in and out. It shares no code with the product.

import { signalsOf, type RawLine, type RawRecord, type RawSample, type RawStation } from "./raw-record.ts";

/** A unit that left a station. */
export interface Departure {
  readonly serial: string;
  readonly at: number;
  /** It went on, and not to rework. */
  readonly isGood: boolean;
  /** It had been in rework before. */
  readonly wasReworked: boolean;
}

export interface Units {
  /** Stations that nothing follows. */
  readonly last: readonly RawStation[];
  of(station: RawStation, role: string): readonly RawSample[];
  /** Units that left within the span, oldest first. */
  leaving(station: RawStation, from: number, to: number): readonly Departure[];
  /** Units that were rejected at their last try within the span. */
  scrapped(from: number, to: number): number;
}

interface Read {
  readonly at: number;
  readonly station: string;
  readonly isOut: boolean;
}

export async function readUnits(record: RawRecord, line: RawLine, from: number, to: number): Promise<Units> {
  const { stations, flows } = line.definition;
  const next = (id: string) => flows.find((flow) => flow.from === id && flow.kind === "main")?.to;
  const rejecting = stations.filter(({ id, rejectTo }) => rejectTo !== undefined || id === line.definition.constraint);
  const ways = new Set(rejecting.flatMap(({ id, rejectTo }) => [id, rejectTo, next(id)]));
  const read = stations.filter(({ id }) => ways.has(id) || next(id) === undefined);
  const samples = await record.samples(signalsOf(read, ["Total", "Good", "Reject", "PartIn", "PartOut"]), from, to);
  const of = (station: RawStation, role: string): readonly RawSample[] => samples.get(station.signals[role]?.id ?? "") ?? [];
  const reads = new Map<string, Read[]>();
  for (const station of read)
    for (const isOut of [false, true])
      for (const { at, text } of of(station, isOut ? "PartOut" : "PartIn"))
        (reads.get(text) ?? reads.set(text, []).get(text)!).push({ at, station: station.id, isOut });
  // a unit that goes out of one station and into the next within a millisecond went out first
  for (const own of reads.values()) own.sort((a, b) => a.at - b.at || Number(b.isOut) - Number(a.isOut));
  const rework = new Set(stations.flatMap(({ rejectTo }) => rejectTo ?? []));
  const leaving: Units["leaving"] = (station, begin, end) =>
    [...reads]
      .flatMap(([serial, own]) => departuresOf(serial, own, { id: station.id, next: next(station.id), rework }))
      .filter(({ at }) => at >= begin && at < end)
      .toSorted((a, b) => a.at - b.at);
  return {
    last: stations.filter(({ id }) => !flows.some((flow) => flow.from === id)),
    of,
    leaving,
    scrapped: (begin, end) =>
      stations
        .filter(({ rejectTo }) => rejectTo !== undefined)
        .reduce((sum, station) => sum + lastTries(station, leaving(station, begin, end), reads), 0),
  };
}

/** Each time that a unit left a station. Where it was not read on its way out, it left when it was read further on. */
function departuresOf(
  serial: string,
  reads: readonly Read[],
  { id, next, rework }: { readonly id: string; readonly next: string | undefined; readonly rework: ReadonlySet<string> },
): readonly Departure[] {
  const departures: Departure[] = [];
  let [wasReworked, isInside, left] = [false, false, undefined as number | undefined];
  const leave = (at: number, isGood: boolean): void => {
    departures.push({ serial, at, isGood, wasReworked });
    left = undefined;
    isInside = false;
  };
  for (const { at, station, isOut } of reads) {
    if (station === id) {
      // in again without having been seen in between: it was rejected
      if (!isOut && left !== undefined) leave(left, false);
      if (isOut) left = at;
      isInside = !isOut || isInside;
    } else if (rework.has(station)) {
      if (left !== undefined || isInside) leave(left ?? at, false);
      wasReworked = true;
    } else if (station === next && (left !== undefined || isInside)) leave(left ?? at, true);
  }
  if (left !== undefined) leave(left, next === undefined);
  return departures;
}

/** Units that were rejected and seen nowhere afterwards, at the last try that the station has. */
function lastTries({ id, maxTries }: RawStation, departures: readonly Departure[], reads: ReadonlyMap<string, readonly Read[]>): number {
  return departures.filter(({ serial, at, isGood }) => {
    const own = reads.get(serial) ?? [];
    const tries = Math.max(...[false, true].map((isOut) => own.filter((read) => read.station === id && read.isOut === isOut).length));
    return !isGood && tries >= maxTries && own.at(-1)!.at <= at;
  }).length;
}
