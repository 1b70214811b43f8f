import { message } from "@doppelwerk/messages";
import { growColumn } from "../kernel/memory.ts";
import { RunError } from "../kernel/run-error.ts";
import { uniformAt } from "../random/philox.ts";
import type { CompiledStation } from "./compile-line.ts";
import { CARRIER_BACK, type LineCore, PRIORITY, plannedNow, productOf } from "./line-core.ts";
import { type LineMemory, SHIFT_FIGURES } from "./line-memory.ts";

const MAX_PARTS = 2_000_000;

/** Flags of a part. */
export const MAIN = 1;

export const ENTRY_UNKNOWN = 2;

export const PASSED_CONSTRAINT = 4;

/** The next part of a source, or −1 when its program is at its end; `of` is its product where that does not follow from the program. */
export function createPart(line: LineCore, station: CompiledStation, of = -1): number {
  const { memory } = line;
  let product = of;
  if (of < 0 && station.program && line.compiled.program.kind !== "none") {
    product = nextProduct(line, station);
    if (product < 0) return -1;
  } else if (of < 0 && station.program) product = 0;
  const part = newPart(line);
  memory.partProduct[part] = product;
  memory.partSource[part] = station.index;
  memory.partNumber[part] = memory.sourceNumber[station.index]!++;
  memory.partCreated[part] = line.events.now;
  memory.partEntered[part] = plannedNow(line);
  memory.partFlags[part] = station.mainFlow ? MAIN : 0;
  memory.everEntered++;
  if (station.mainFlow) {
    countEntry(line);
    memory.started++;
  }
  line.observer?.({
    kind: "partCreated",
    time: line.events.now,
    serial: memory.partSerial[part]!,
    station: station.id,
    ...(product < 0 ? {} : { product: line.compiled.products[product]!, batch: memory.programBatch[station.index]! }),
  });
  return part;
}

/** A row for a part, all fields fresh. */
export function newPart(line: LineCore): number {
  const { memory, compiled } = line;
  if (memory.partFree >= memory.partSerial.length) growParts(memory, compiled.inspectors, compiled.carriers.length);
  const part = memory.partFree;
  if (part >= MAX_PARTS) throw new RunError(message("sim.lineTooManyParts", { max: MAX_PARTS, atS: line.events.now / 1e6 }));
  memory.partFree = memory.partNext[part]!;
  memory.partsInside++;
  memory.partSerial[part] = memory.nextSerial++;
  memory.partProduct[part] = -1;
  memory.partRejects[part] = 0;
  memory.partTarget[part] = -1;
  memory.partNext[part] = -1;
  memory.partTries.fill(0, part * compiled.inspectors, (part + 1) * compiled.inspectors);
  memory.partCarriers.fill(-1, part * compiled.carriers.length, (part + 1) * compiled.carriers.length);
  return part;
}

/** Takes a carrier of each kind that begins at the station. The caller has seen that there is one. */
export function takeCarriers(line: LineCore, station: CompiledStation, part: number): void {
  const { memory, compiled } = line;
  for (const kind of station.carriersTaken) {
    const { first, count, id } = compiled.carriers[kind]!;
    const index = memory.carrierRing[first + memory.carrierHead[kind]!]!;
    memory.carrierHead[kind] = (memory.carrierHead[kind]! + 1) % count;
    memory.carrierFree[kind]!--;
    memory.partCarriers[part * compiled.carriers.length + kind] = index;
    line.observer?.({
      kind: "carrierTaken",
      time: line.events.now,
      carrier: id,
      index,
      serial: memory.partSerial[part]!,
      free: memory.carrierFree[kind]!,
    });
  }
}

export function releaseCarrier(line: LineCore, kind: number, part: number): void {
  const { memory, compiled } = line;
  const at = part * compiled.carriers.length + kind;
  const index = memory.partCarriers[at]!;
  if (index < 0) return;
  memory.partCarriers[at] = -1;
  const carrier = compiled.carriers[kind]!;
  line.observer?.({
    kind: "carrierReleased",
    time: line.events.now,
    carrier: carrier.id,
    index,
    serial: memory.partSerial[part]!,
    free: memory.carrierFree[kind]!,
  });
  memory.carrierBackAt[carrier.first + index] = line.events.now + carrier.returnTime;
  line.events.schedule(line.events.now + carrier.returnTime, PRIORITY.move, CARRIER_BACK, kind * 65536 + index);
}

/** A part leaves the line as good. */
export function finishPart(line: LineCore, station: CompiledStation, part: number): void {
  const { memory } = line;
  const lead = plannedNow(line) - memory.partEntered[part]!;
  memory.everGood++;
  if ((memory.partFlags[part]! & MAIN) !== 0) {
    countExit(line, part);
    memory.good++;
    if (memory.partRejects[part] === 0) memory.goodFirstPass++;
    memory.goodByProduct[memory.partProduct[part]! + 1]!++;
    addToShift(memory, 0, 1);
    countOutput(line);
    if ((memory.partFlags[part]! & ENTRY_UNKNOWN) === 0) {
      memory.leadTimes = growColumn(memory.leadTimes, memory.leadCount + 1);
      memory.leadTimes[memory.leadCount++] = lead;
    }
  }
  const product = productOf(line, memory.partProduct[part]!);
  line.observer?.({
    kind: "partFinished",
    time: line.events.now,
    serial: memory.partSerial[part]!,
    ...(product === undefined ? {} : { product }),
    station: station.id,
    leadS: lead / 1e6,
  });
  removePart(line, part);
}

/** A part is destroyed in a place. */
export function scrapPart(line: LineCore, place: number, part: number, reason: "maxTries" | "reject" | "process" | "stop"): void {
  const { memory } = line;
  const station = line.compiled.stations[line.compiled.placeStation[place]!]!;
  memory.everScrapped++;
  memory.stationScrap[station.index]!++;
  if ((memory.partFlags[part]! & MAIN) !== 0) {
    countExit(line, part);
    memory.scrap++;
    addToShift(memory, 1, 1);
    if ((memory.partFlags[part]! & PASSED_CONSTRAINT) !== 0) {
      memory.scrapAfter++;
      addToShift(memory, 6, 1);
    }
  }
  const product = productOf(line, memory.partProduct[part]!);
  line.observer?.({
    kind: "partScrapped",
    time: line.events.now,
    serial: memory.partSerial[part]!,
    ...(product === undefined ? {} : { product }),
    station: station.id,
    place: place - station.firstPlace,
    reason,
  });
  removePart(line, part);
}

/** Gives carriers and the row back. */
export function removePart(line: LineCore, part: number): void {
  const { memory, compiled } = line;
  for (let kind = 0; kind < compiled.carriers.length; kind++) releaseCarrier(line, kind, part);
  memory.partNext[part] = memory.partFree;
  memory.partFree = part;
  memory.partsInside--;
}

/** Adds to a figure of the shift that runs, or ran last. */
export function addToShift(memory: LineMemory, figure: number, amount: number): void {
  if (memory.shiftCount > 0) memory.shiftFigures[(memory.shiftCount - 1) * SHIFT_FIGURES + figure]! += amount;
}

/** A part of the main flow comes in. */
export function countEntry(line: LineCore): void {
  countInside(line);
  line.memory.wip++;
}

/** A part of the main flow leaves, is destroyed or joined to another. */
export function countExit(line: LineCore, part: number): void {
  countInside(line);
  line.memory.wip--;
  line.memory.everSojourn += insideSince(line, part);
}

/** Brings the integrals of parts inside up to now. */
export function countInside(line: LineCore): void {
  const { memory } = line;
  const now = plannedNow(line);
  const parts = memory.wip * (now - memory.wipSince);
  memory.wipIntegral += parts;
  memory.everIntegral += parts;
  memory.wipSince = now;
}

/** Planned time that a part has been inside during this run: parts of the initial state came before it. */
export function insideSince(line: LineCore, part: number): number {
  return plannedNow(line) - Math.max(0, line.memory.partEntered[part]!);
}

function countOutput(line: LineCore): void {
  const { memory } = line;
  // a part at the very end of a step belongs to it
  const step = Math.max(0, Math.ceil((line.events.now - memory.start) / memory.outputStep) - 1);
  memory.outputs = growColumn(memory.outputs, step + 1);
  memory.outputs[step]!++;
}

/** Product of the next part of a program source. Sources read the same sequence of batches, each from its own position. */
function nextProduct(line: LineCore, station: CompiledStation): number {
  const { memory, compiled } = line;
  const at = station.index;
  const program = compiled.program;
  if (memory.programLeft[at]! <= 0) {
    const number = memory.programBatch[at]!;
    const planned = program.plannedBatches[number];
    let entry: number;
    if (planned !== undefined) entry = -1;
    else if (program.kind === "orders") {
      if (number >= program.batches.length && !program.repeat) return -1;
      entry = number % program.batches.length;
    } else {
      const u = uniformAt(memory.key, program.stream, number * 2);
      entry = 0;
      while (entry < program.cumulative.length - 1 && u >= program.cumulative[entry]!) entry++;
    }
    const { product, least, most, order } = planned ?? program.batches[entry]!;
    const size = least + Math.floor((most - least + 1) * (least === most ? 0 : uniformAt(memory.key, program.stream, number * 2 + 1)));
    memory.programBatch[at] = number + 1;
    memory.programProduct[at] = product;
    memory.programLeft[at] = size;
    memory.programSize[at] = size;
    if (station.mainFlow)
      line.observer?.({
        kind: "batchBegin",
        time: line.events.now,
        batch: number + 1,
        product: compiled.products[product]!,
        size,
        ...(order === undefined ? {} : { order }),
      });
  }
  memory.programLeft[at]!--;
  return memory.programProduct[at]!;
}

function growParts(memory: LineMemory, inspectors: number, carriers: number): void {
  const before = memory.partSerial.length;
  const after = before * 2;
  memory.partSerial = growColumn(memory.partSerial, after);
  memory.partProduct = growColumn(memory.partProduct, after);
  memory.partCreated = growColumn(memory.partCreated, after);
  memory.partEntered = growColumn(memory.partEntered, after);
  memory.partFlags = growColumn(memory.partFlags, after);
  memory.partRejects = growColumn(memory.partRejects, after);
  memory.partTries = growColumn(memory.partTries, after * inspectors);
  memory.partSource = growColumn(memory.partSource, after);
  memory.partNumber = growColumn(memory.partNumber, after);
  memory.partTarget = growColumn(memory.partTarget, after).fill(-1, before);
  memory.partArrival = growColumn(memory.partArrival, after);
  memory.partCarriers = growColumn(memory.partCarriers, after * carriers);
  memory.partNext = growColumn(memory.partNext, after);
  for (let part = before; part < after; part++) memory.partNext[part] = part + 1;
}
