import type { FlowSketch, LineSketch, StationSketch } from "./line-sketch.ts";

/** A line taken apart: the main chain, chains that are assembled into it, stations off the line that rework. */
export interface LineOrder {
  readonly main: readonly StationSketch[];
  readonly branches: readonly { readonly stations: readonly StationSketch[]; readonly flow: FlowSketch }[];
  readonly rework: readonly {
    readonly station: StationSketch;
    readonly from: FlowSketch | undefined;
    readonly to: FlowSketch | undefined;
  }[];
}

/** Follows main flows; the longest chain is the line, other chains belong where an assembly flow leads them. Stations no flow names join the main chain in their order. */
export function orderLine(line: LineSketch): LineOrder {
  const byId = new Map(line.stations.map((station) => [station.id, station]));
  const known = line.flows.filter((flow) => byId.has(flow.from) && byId.has(flow.to));
  const isRework = (station: StationSketch): boolean =>
    station.form === "rework" && !known.some((flow) => flow.kind === "main" && (flow.from === station.id || flow.to === station.id));
  const next = new Map(known.filter((flow) => flow.kind === "main").map((flow) => [flow.from, flow.to]));
  const entered = new Set(next.values());
  const chains = line.stations
    .filter((station) => !isRework(station) && !entered.has(station.id))
    .map((start) => chainFrom(start, next, byId));
  const assembled = (chain: readonly StationSketch[]): FlowSketch | undefined =>
    known.find((flow) => flow.kind === "assembly" && flow.from === chain[chain.length - 1]!.id);
  const branches = chains.flatMap((stations) => {
    const flow = assembled(stations);
    return flow === undefined ? [] : [{ stations, flow }];
  });
  const main = chains
    .filter((chain) => assembled(chain) === undefined)
    .toSorted((a, b) => b.length - a.length)
    .flat();
  const rework = line.stations.filter(isRework).map((station) => ({
    station,
    from: known.find((flow) => flow.to === station.id),
    to: known.find((flow) => flow.from === station.id),
  }));
  return { main, branches, rework };
}

function chainFrom(
  start: StationSketch,
  next: ReadonlyMap<string, string>,
  byId: ReadonlyMap<string, StationSketch>,
): readonly StationSketch[] {
  const chain = [start];
  const seen = new Set([start.id]);
  for (let id = next.get(start.id); id !== undefined && !seen.has(id); id = next.get(id)) {
    seen.add(id);
    chain.push(byId.get(id)!);
  }
  return chain;
}

/** Cuts lengths into at most `rows` runs, in order, so that the longest run is as short as can be. Returns the index after each run. */
export function foldRows(lengths: readonly number[], rows: number): readonly number[] {
  const total = lengths.reduce((sum, l) => sum + l, 0);
  let [low, high] = [Math.max(0, ...lengths), total];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (cut(lengths, middle).length <= rows) high = middle;
    else low = middle;
  }
  return cut(lengths, high);
}

function cut(lengths: readonly number[], limit: number): readonly number[] {
  const ends: number[] = [];
  let sum = 0;
  lengths.forEach((l, i) => {
    if (sum > 0 && sum + l > limit) {
      ends.push(i);
      sum = 0;
    }
    sum += l;
  });
  ends.push(lengths.length);
  return ends;
}
