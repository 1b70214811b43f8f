import { growColumn } from "../kernel/memory.ts";
import { isAble, type LineCore, type LineEnds } from "../line/line-core.ts";
import { DONE, EMPTY } from "../line/line-memory.ts";
import { createPart } from "../line/parts.ts";
import { depart, longestIdle, tryLoad } from "../line/place-flow.ts";
import type { PlantCore } from "./plant-core.ts";

/** What line number `own` does at its ends. The state is that of the plant; nothing is kept here. */
export function lineEnds(plant: () => PlantCore, own: number): LineEnds {
  return {
    offer: (line, place) => offer(plant(), own, line, place),
    left(_line, station, product) {
      const core = plant();
      const buffer = core.compiled.outlets[own]![station]!;
      if (buffer < 0) return;
      countPut(core);
      append(core, buffer, product < 0 ? -1 : core.compiled.toPlant[own]![product]!);
      wakeDrain(core, buffer);
    },
    bring: (line, station, place) => bring(plant(), own, line, station, place),
    brought(_line, station) {
      const core = plant();
      const buffer = core.compiled.inlets[own]![station]!;
      if (buffer >= 0) letWaitingDepart(core, buffer);
    },
  };
}

/** After every line is at its first moment: what could not cross from one to another does so now. */
export function openBuffers(plant: PlantCore): void {
  plant.memory.open = 1;
  for (let buffer = 0; buffer < plant.compiled.capacities.length; buffer++) {
    letWaitingDepart(plant, buffer);
    for (let tries = plant.memory.bufferCount[buffer]!; tries > 0 && plant.memory.bufferCount[buffer]! > 0; tries--)
      wakeDrain(plant, buffer);
  }
}

/** Appends a part without waking anybody. */
export function append(plant: PlantCore, buffer: number, product: number): void {
  const { memory } = plant;
  count(plant, buffer);
  if (memory.itemFree >= memory.itemProduct.length) {
    const before = memory.itemProduct.length;
    memory.itemProduct = growColumn(memory.itemProduct, before * 2);
    memory.itemNext = growColumn(memory.itemNext, before * 2);
    for (let item = before; item < before * 2; item++) memory.itemNext[item] = item + 1;
  }
  const item = memory.itemFree;
  memory.itemFree = memory.itemNext[item]!;
  memory.itemProduct[item] = product;
  memory.itemNext[item] = -1;
  if (memory.bufferFirst[buffer]! < 0) memory.bufferFirst[buffer] = item;
  else memory.itemNext[memory.bufferLast[buffer]!] = item;
  memory.bufferLast[buffer] = item;
  memory.everIn[buffer]!++;
  memory.measuredIn[buffer]!++;
  const level = ++memory.bufferCount[buffer]!;
  // what is handed from place to place was never in it
  if (level > memory.bufferMax[buffer]! && level <= plant.compiled.capacities[buffer]!) memory.bufferMax[buffer] = level;
}

/** Closes the time integral of a buffer up to now. */
export function count({ memory }: PlantCore, buffer: number): void {
  memory.bufferIntegral[buffer]! += memory.bufferCount[buffer]! * (memory.now - memory.bufferSince[buffer]!);
  memory.bufferSince[buffer] = memory.now;
}

/** The line at the instant of the plant: what happens to it now comes from another line. */
function lineNow({ lines, memory, crossing }: PlantCore, index: number): LineCore {
  const line = lines[index]!;
  crossing.happened = true;
  if (line.events.now < memory.now) line.events.now = memory.now;
  return line;
}

function offer(plant: PlantCore, own: number, line: LineCore, place: number): boolean {
  const { compiled, memory } = plant;
  const buffer = compiled.outlets[own]![line.compiled.placeStation[place]!]!;
  if (buffer < 0) return true;
  if (memory.open === 1 && memory.waitingFirst[buffer]! < 0 && hasRoom(plant, buffer)) return true;
  const at = compiled.firstPlace[own]! + place;
  if (memory.placeWaits[at] === 0) {
    memory.placeWaits[at] = 1;
    if (memory.waitingFirst[buffer]! < 0) memory.waitingFirst[buffer] = at;
    else memory.placeNextWaiting[memory.waitingLast[buffer]!] = at;
    memory.waitingLast[buffer] = at;
  }
  // there may be room that those who wait longer are not able to use
  letWaitingDepart(plant, buffer);
  return false;
}

function bring(plant: PlantCore, own: number, line: LineCore, station: Parameters<LineEnds["bring"]>[1], place: number): number {
  const { compiled, memory } = plant;
  const buffer = compiled.inlets[own]![station.index]!;
  if (buffer < 0) return createPart(line, station);
  if (memory.open === 0) return -1;
  if (memory.bufferCount[buffer] === 0 && memory.waitingFirst[buffer]! >= 0) letWaitingDepart(plant, buffer);
  const item = memory.bufferFirst[buffer]!;
  if (item < 0 || line.memory.placePhase[place] !== EMPTY) return -1;
  const product = memory.itemProduct[item]!;
  const part = createPart(line, station, product < 0 ? -1 : compiled.toLine[own]![product]!);
  if (part < 0) return -1;
  count(plant, buffer);
  memory.bufferFirst[buffer] = memory.itemNext[item]!;
  if (memory.bufferFirst[buffer]! < 0) memory.bufferLast[buffer] = -1;
  memory.itemNext[item] = memory.itemFree;
  memory.itemFree = item;
  memory.bufferCount[buffer]!--;
  memory.everOut[buffer]!++;
  memory.measuredOut[buffer]!++;
  return part;
}

/** Places that wait give their parts away while there is room, first come first served among those able to. */
function letWaitingDepart(plant: PlantCore, buffer: number): void {
  const { memory } = plant;
  if (memory.open === 0) return;
  let previous = -1;
  let at = memory.waitingFirst[buffer]!;
  while (at >= 0 && hasRoom(plant, buffer)) {
    const next = memory.placeNextWaiting[at]!;
    const own = lineOf(plant, at);
    const place = at - plant.compiled.firstPlace[own]!;
    const line = lineNow(plant, own);
    const finished = line.memory.placePhase[place] === DONE;
    if (finished && !isAble(line, place)) {
      previous = at;
      at = next;
      continue;
    }
    if (previous < 0) memory.waitingFirst[buffer] = next;
    else memory.placeNextWaiting[previous] = next;
    if (memory.waitingLast[buffer] === at) memory.waitingLast[buffer] = previous;
    memory.placeNextWaiting[at] = -1;
    memory.placeWaits[at] = 0;
    if (finished) depart(line, place);
    // what left may have changed the queue
    previous = -1;
    at = memory.waitingFirst[buffer]!;
  }
}

function lineOf({ compiled }: PlantCore, place: number): number {
  let line = compiled.firstPlace.length - 1;
  while (compiled.firstPlace[line]! > place) line--;
  return line;
}

/** Of the places that could take a part from a buffer, the one that has been empty longest takes it. */
function wakeDrain(plant: PlantCore, buffer: number): void {
  const [line, place] = idleDrain(plant, buffer);
  if (line !== undefined) tryLoad(line, place);
}

function idleDrain(plant: PlantCore, buffer: number): readonly [LineCore | undefined, number] {
  let best: LineCore | undefined;
  let bestPlace = -1;
  for (const [index, station] of plant.compiled.drains[buffer]!) {
    const line = lineNow(plant, index);
    const place = longestIdle(line, station);
    if (place < 0) continue;
    if (best === undefined || line.memory.placeIdleSince[place]! < best.memory.placeIdleSince[bestPlace]!)
      [best, bestPlace] = [line, place];
  }
  return [best, bestPlace];
}

/** Room in a buffer; where there is none at all, a place that would take the part at once. */
function hasRoom(plant: PlantCore, buffer: number): boolean {
  const level = plant.memory.bufferCount[buffer]!;
  const capacity = plant.compiled.capacities[buffer]!;
  if (level < capacity) return true;
  return capacity === 0 && level === 0 && idleDrain(plant, buffer)[0] !== undefined;
}

function countPut({ memory }: PlantCore): void {
  // a part at the very end of a step belongs to it, as in the output of a line
  const step = Math.max(0, Math.ceil((memory.now - memory.start) / memory.outputStep) - 1);
  memory.puts = growColumn(memory.puts, step + 1);
  memory.puts[step]!++;
}
