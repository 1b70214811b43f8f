import { openStations, stationSeconds, type LineWork } from "@doppelwerk/sim/optimise";

export interface BalanceFigures {
  /** Seconds of the longest open station. */
  readonly cycle: number;
  /** Share of the places' time that is work. */
  readonly use: number;
  /** The closed station that takes longer than the longest open one and so holds the line up, if there is one. */
  readonly held: { readonly station: string; readonly seconds: number } | undefined;
}

/** What a division of the work comes to; `stationOf` is the index of the station of each element. */
export function balanceFigures(work: LineWork, stationOf: readonly number[]): BalanceFigures {
  const open = openStations(work);
  const seconds = stationSeconds(work, stationOf);
  const cycle = Math.max(0, ...seconds.filter((_, station) => open[station]));
  const places = work.stations.reduce((sum, station, s) => sum + (open[s] ? station.places : 0), 0);
  const all = work.elements.reduce((sum, element) => sum + (open[element.station] ? element.seconds : 0), 0);
  const closed = seconds.map((each, station) => (open[station] ? 0 : each));
  const longest = closed.indexOf(Math.max(...closed));
  return {
    cycle,
    use: all / (places * cycle),
    held: closed[longest]! > cycle ? { station: work.stations[longest]!.id, seconds: closed[longest]! } : undefined,
  };
}

/** The elements that would change their station, each with the index of its new one. */
export function movedElements(
  work: LineWork,
  stationOf: readonly number[],
): readonly { readonly element: LineWork["elements"][number]; readonly to: number }[] {
  return work.elements.flatMap((element, e) => (stationOf[e] === element.station ? [] : [{ element, to: stationOf[e]! }]));
}
