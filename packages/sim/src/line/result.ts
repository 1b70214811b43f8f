import { SECOND } from "@doppelwerk/world/instant";
import { hashText, mixBytes } from "../kernel/trace-hash.ts";
import { packMemory } from "../kernel/memory.ts";
import { type LittlesLaw, littlesLawOf } from "../statistics/littles-law.ts";
import type { CompiledStation } from "./compile-line.ts";
import { type LineCore, memoriesOf, plannedNow } from "./line-core.ts";
import { type PlaceState, placeStates } from "./line-event.ts";
import { SHIFT_FIGURES, STATES } from "./line-memory.ts";
import { MAIN, insideSince } from "./parts.ts";
import type { BufferResult, Conservation, LeadTimeResult, OeeResult, PlaceResult, RunResult, ShiftResult, StationResult } from "./run.ts";

/** The figures of a run up to now. Reads only: asking changes nothing. */
export function resultOf(line: LineCore): RunResult {
  const { memory, compiled, events } = line;
  const planned = plannedNow(line) - memory.plannedAtReset;
  const places = placeResults(line);
  const oee = oeeOf(line, planned);
  const buffers = bufferResults(line, planned);
  return {
    model: compiled.model.id,
    seed: memory.seed,
    replication: memory.replication,
    start: memory.start,
    measuredFrom: memory.measuredFrom,
    end: events.now,
    measuredS: Math.max(0, events.now - memory.measuredFrom) / SECOND,
    plannedS: planned / SECOND,
    good: memory.good,
    scrap: memory.scrap,
    rework: memory.rework,
    started: memory.started,
    goodFirstPass: memory.goodFirstPass,
    goodByProduct: Object.fromEntries(compiled.products.map((product, index) => [product, memory.goodByProduct[index + 1]!])),
    throughputPerHour: planned > 0 ? (memory.good * 3600 * SECOND) / planned : 0,
    shifts: shiftResults(line),
    places,
    stations: compiled.stations.map((station) => stationResult(line, station, places)),
    buffers,
    wip: {
      mean: planned > 0 ? (memory.wipIntegral + memory.wip * (plannedNow(line) - memory.wipSince)) / planned : memory.wip,
      end: memory.wip,
    },
    leadTime: leadTimeOf(line),
    output: { stepS: memory.outputStep / SECOND, cumulative: outputOf(line) },
    ...(oee === undefined ? {} : { oee }),
    bottlenecks: bottlenecksOf(line, planned),
    ...booksOf(line),
    traceHash: traceHashOf(line),
    events: events.count,
  };
}

/** Over every event carried out and the present state. */
export function traceHashOf(line: LineCore): string {
  const hash = { hashA: line.events.hashA, hashB: line.events.hashB };
  mixBytes(hash, packMemory(memoriesOf(line)));
  return hashText(hash);
}

function placeResults(line: LineCore): PlaceResult[] {
  const { memory, compiled, events } = line;
  return Array.from(compiled.placeStation, (station, place) => {
    const seconds = {} as Record<PlaceState, number>;
    placeStates.forEach((state, index) => {
      const open = memory.placeState[place] === index ? events.now - memory.placeStateSince[place]! : 0;
      seconds[state] = (memory.placeSeconds[place * STATES + index]! + open) / SECOND;
    });
    return {
      station: compiled.stations[station]!.id,
      place: place - compiled.stations[station]!.firstPlace,
      seconds,
      cycles: memory.placeCycles[place]!,
      failures: memory.placeFailures[place]!,
      microStops: memory.placeMicroStops[place]!,
    };
  });
}

function stationResult(line: LineCore, station: CompiledStation, all: readonly PlaceResult[]): StationResult {
  const { memory } = line;
  const places = all.slice(station.firstPlace, station.firstPlace + station.places);
  const sum = (state: PlaceState): number => places.reduce((total, place) => total + place.seconds[state], 0);
  const on = placeStates.reduce((total, state) => total + (state === "break" || state === "off" ? 0 : sum(state)), 0);
  return {
    station: station.id,
    cycles: places.reduce((total, place) => total + place.cycles, 0),
    rejects: memory.stationRejects[station.index]!,
    scrap: memory.stationScrap[station.index]!,
    shares: Object.fromEntries(
      placeStates.map((state) => [state, on === 0 || state === "break" || state === "off" ? 0 : sum(state) / on]),
    ) as Record<PlaceState, number>,
    ...usesOf(line, station),
  };
}

function usesOf({ compiled, work }: LineCore, station: CompiledStation): Pick<StationResult, "uses"> {
  const component = compiled.components.byStation?.[station.index];
  if (component === undefined || component.declared.uses.length === 0) return {};
  return { uses: component.declared.uses.map((use, index) => ({ ...use, amount: work!.used[component.usesFrom + index]! })) };
}

function bufferResults(line: LineCore, planned: number): BufferResult[] {
  const { memory, compiled } = line;
  const stations = compiled.stations.length;
  const now = plannedNow(line);
  return compiled.stations.flatMap((station) =>
    [station.index, ...(station.assembly ? [stations + station.index] : [])]
      .filter((buffer) => buffer >= stations || station.source !== "saturated")
      .map((buffer) => {
        const integral =
          memory.bufferIntegral[buffer]! +
          (memory.bufferCount[buffer]! + memory.bufferTravelling[buffer]!) * (now - memory.bufferSince[buffer]!);
        return {
          station: station.id,
          input: buffer < stations ? ("main" as const) : ("assembly" as const),
          mean: planned > 0 ? integral / planned : 0,
          max: memory.bufferMax[buffer]!,
          waitS: memory.bufferIn[buffer]! > 0 ? integral / memory.bufferIn[buffer]! / SECOND : 0,
        };
      }),
  );
}

function leadTimeOf(line: LineCore): LeadTimeResult {
  const { leadCount: count, leadTimes } = line.memory;
  if (count === 0) return { count, meanS: 0, p50S: 0, p95S: 0, maxS: 0 };
  const sorted = leadTimes.slice(0, count).toSorted();
  let sum = 0;
  for (const lead of sorted) sum += lead;
  const at = (share: number): number => sorted[Math.min(count - 1, Math.ceil(share * count) - 1)]! / SECOND;
  return { count, meanS: sum / count / SECOND, p50S: at(0.5), p95S: at(0.95), maxS: sorted[count - 1]! / SECOND };
}

function outputOf(line: LineCore): number[] {
  const { memory, events } = line;
  const steps = Math.ceil((events.now - memory.start) / memory.outputStep);
  let sum = 0;
  return Array.from({ length: steps }, (_, step) => (sum += memory.outputs[step] ?? 0));
}

function shiftResults(line: LineCore): ShiftResult[] {
  const { memory, compiled } = line;
  return Array.from({ length: memory.shiftCount }, (_, row) => {
    const shift = compiled.calendar.shift(memory.shiftOrdinals[row]!)!;
    const open = (memory.shiftClosed[row]! & 1) === 0;
    const planned = open ? plannedNow(line) - memory.shiftPlanned[row]! : memory.shiftPlanned[row]!;
    const figure = (column: number): number => memory.shiftFigures[row * SHIFT_FIGURES + column]!;
    const places = compiled.constraint < 0 ? 1 : compiled.stations[compiled.constraint]!.places;
    const produced = figure(4);
    const goodIdeal = produced === 0 ? 0 : (figure(3) / produced) * (produced - figure(5) - figure(6));
    return {
      shift: shift.id,
      start: shift.start,
      end: shift.end,
      complete: memory.shiftClosed[row] === 1,
      plannedS: planned / SECOND,
      good: figure(0),
      scrap: figure(1),
      rework: figure(2),
      ...(compiled.constraint < 0 || planned <= 0 ? {} : { oee: goodIdeal / places / planned }),
    };
  });
}

function oeeOf(line: LineCore, planned: number): OeeResult | undefined {
  const { memory, compiled, events } = line;
  if (compiled.constraint < 0 || planned <= 0) return undefined;
  const station = compiled.stations[compiled.constraint]!;
  let production = 0;
  for (let place = station.firstPlace; place < station.firstPlace + station.places; place++)
    production += memory.placeSeconds[place * STATES]! + (memory.placeState[place] === 0 ? events.now - memory.placeStateSince[place]! : 0);
  const busy = planned * station.places;
  const produced = memory.produced;
  const good = produced - memory.reruns - memory.scrapAfter;
  const availability = production / busy;
  const effectiveness = production === 0 ? 0 : memory.producedIdeal / production;
  const qualityRatio = produced === 0 ? 0 : good / produced;
  return {
    station: station.id,
    plannedS: planned / SECOND,
    availability,
    effectiveness,
    qualityRatio,
    oee: availability * effectiveness * qualityRatio,
    idealCycleS: produced === 0 ? 0 : memory.producedIdeal / produced / station.places / SECOND,
    produced,
    good,
    firstPassYield: memory.good === 0 ? 0 : memory.goodFirstPass / memory.good,
  };
}

function bottlenecksOf(line: LineCore, planned: number): { readonly station: string; readonly share: number }[] {
  const { memory, compiled } = line;
  return compiled.stations
    .map((station) => {
      const open = memory.bottleneck === station.index ? plannedNow(line) - memory.bottleneckSince : 0;
      return { station: station.id, share: planned > 0 ? (memory.stationBottleneck[station.index]! + open) / planned : 0 };
    })
    .filter((entry) => entry.share > 0)
    .toSorted((a, b) => b.share - a.share);
}

/** Finds what is inside by looking, not by subtraction, and adds up the time it has been there. */
function booksOf(line: LineCore): { readonly conservation: Conservation; readonly littlesLaw: LittlesLaw } {
  const { memory } = line;
  let inside = 0;
  let sojourn = memory.everSojourn;
  const look = (part: number): void => {
    inside++;
    if ((memory.partFlags[part]! & MAIN) !== 0) sojourn += insideSince(line, part);
  };
  for (const part of memory.placePart) if (part >= 0) look(part);
  for (const first of memory.bufferFirst) for (let part = first; part >= 0; part = memory.partNext[part]!) look(part);
  memory.partTarget.forEach((buffer, part) => buffer >= 0 && look(part));
  const { everEntered: entered, everGood: good, everScrapped: scrapped, everJoined: joined } = memory;
  const integral = memory.everIntegral + memory.wip * (plannedNow(line) - memory.wipSince);
  return {
    conservation: {
      entered,
      good,
      scrapped,
      joined,
      inside,
      balanced: entered === good + scrapped + joined + inside && inside === memory.partsInside,
    },
    littlesLaw: littlesLawOf(integral, sojourn),
  };
}
