import { message } from "@doppelwerk/messages";
import { SECOND } from "@doppelwerk/world/instant";
import { growColumn } from "../kernel/memory.ts";
import { RunError } from "../kernel/run-error.ts";
import { uniformAt } from "../random/philox.ts";
import type { CompiledComponent } from "./compile-components.ts";
import type { CompiledStation } from "./compile-line.ts";
import { MAX_STEP_SECONDS, MAX_STEPS, WORK_FIELDS } from "./component.ts";
import { type LineCore, factorOf } from "./line-core.ts";
import { NEED } from "./line-memory.ts";
import { release, seizeOrQueue } from "./personnel.ts";

/** Outcomes of a component, by their number in its answers. */
const OUTCOMES = ["pass", "rework", "scrap"] as const;

/** Asks the component of a station what becomes of the part in a place: its steps, its outcome, what it uses up. `stream` is that of the part there. */
export function askComponent(line: LineCore, station: CompiledStation, place: number, stream: number): void {
  const { memory, compiled, events } = line;
  const work = line.work!;
  const component = compiled.components.byStation![station.index]!;
  const { declared } = component;
  const part = memory.placePart[place]!;
  const product = memory.partProduct[part]!;
  const row = new Float64Array(WORK_FIELDS + declared.state.length + declared.part.length + declared.draws);
  row.set([events.now / SECOND, place - station.firstPlace, product, work.placeLast[place]!, memory.partRejects[part]!]);
  let at = WORK_FIELDS;
  const state = stateOf(component, station, place);
  for (let index = 0; index < declared.state.length; index++) row[at++] = work.state[state + index]!;
  const carried = carriedBy(line, part);
  for (const column of component.part) row[at++] = work.partValues[carried + column]!;
  for (let index = 0; at < row.length; index++)
    row[at++] = uniformAt(memory.key, (stream + Math.imul(index, 0x27d4eb2f)) | 0, memory.partNumber[part]!);
  work.calls++;
  work.placeLast[place] = product;
  takeAnswer(line, station, place, component.opened.begin(row));
}

/** Checks every number: behind it is code of a stranger. */
function takeAnswer(line: LineCore, station: CompiledStation, place: number, answer: Float64Array): void {
  const { memory, compiled } = line;
  const work = line.work!;
  const component = compiled.components.byStation![station.index]!;
  const { declared } = component;
  const nonsense = (what: string): RunError =>
    new RunError(message("sim.componentAnswer", { component: declared.id, pack: declared.pack, station: station.id, what }));
  const [outcome = Number.NaN, steps = Number.NaN] = answer;
  if (OUTCOMES[outcome] === undefined) throw nonsense("outcome");
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS) throw nonsense(`steps: 1 to ${MAX_STEPS}`);
  const length = 2 + 2 * steps + declared.state.length + declared.part.length + declared.uses.length;
  if (answer.length !== length || !answer.every((value) => Number.isFinite(value))) throw nonsense("numbers");
  const factor = station.cycleEffects.length === 0 ? 1 : factorOf(line, station.cycleEffects);
  let total = 0;
  for (let step = 0; step < steps; step++) {
    const [seconds, resource] = [answer[2 + 2 * step]!, answer[3 + 2 * step]!];
    if (seconds < 0) throw nonsense("seconds");
    if (resource !== -1 && component.pools[resource] === undefined) throw nonsense("holds");
    const time = Math.round(seconds * SECOND * factor);
    total += time;
    work.stepTime[place * MAX_STEPS + step] = time;
    work.stepPool[place * MAX_STEPS + step] = resource < 0 ? -1 : component.pools[resource]!;
  }
  if (!(total > 0 && total <= MAX_STEP_SECONDS * SECOND * Math.max(1, factor))) throw nonsense("seconds");
  let at = 2 + 2 * steps;
  const state = stateOf(component, station, place);
  for (let index = 0; index < declared.state.length; index++) work.state[state + index] = answer[at++]!;
  const carried = carriedBy(line, memory.placePart[place]!);
  for (const column of component.part) work.partValues[carried + column] = answer[at++]!;
  for (let index = 0; index < declared.uses.length; index++) work.used[component.usesFrom + index]! += answer[at++]!;
  work.placeOutcome[place] = outcome;
  work.placeSteps[place] = steps;
  work.placeStep[place] = 0;
  memory.placeCycle[place] = total;
  memory.placeLeft[place] = work.stepTime[place * MAX_STEPS]!;
}

function stateOf({ stateFrom, declared }: CompiledComponent, station: CompiledStation, place: number): number {
  return stateFrom + (place - station.firstPlace) * declared.state.length;
}

/** Where the numbers of a part begin. */
function carriedBy(line: LineCore, part: number): number {
  const work = line.work!;
  const { length } = line.compiled.components.part;
  if (part >= work.partSerial.length) {
    work.partSerial = growColumn(work.partSerial, part + 1);
    work.partValues = growColumn(work.partValues, work.partSerial.length * length);
  }
  const serial = line.memory.partSerial[part]!;
  if (work.partSerial[part] !== serial) {
    // the row was that of another part
    work.partSerial[part] = serial;
    work.partValues.fill(0, part * length, (part + 1) * length);
  }
  return part * length;
}

/** Whether the place has the resource that its present step holds; else it waits for it. */
export function hasResource(line: LineCore, place: number): boolean {
  const { compiled } = line;
  const work = line.work!;
  const pool = poolOfStep(line, place);
  if (pool < 0 || work.placeHolds[place] === pool) return true;
  const seized = seizeOrQueue(line, { pools: [pool], count: 1 }, compiled.placeStation.length + compiled.stops.length + place);
  if (seized < 0) return false;
  work.placeHolds[place] = pool;
  return true;
}

/** Pool of the step that a place is at, −1 for none. */
export function poolOfStep({ work }: LineCore, place: number): number {
  return work!.stepPool[place * MAX_STEPS + work!.placeStep[place]!]!;
}

/** Gives back what a place holds. */
export function letGo(line: LineCore, place: number): void {
  const pool = line.work?.placeHolds[place] ?? -1;
  if (pool < 0) return;
  line.work!.placeHolds[place] = -1;
  release(line, pool, 1);
}

/** Begins the next step of the part in a place; false after the last. */
export function nextStep(line: LineCore, place: number): boolean {
  const { work, memory } = line;
  if (work === undefined || work.placeStep[place]! + 1 >= work.placeSteps[place]!) return false;
  beginStep(line, place, work.placeStep[place]! + 1);
  memory.placePhase[place] = NEED;
  letGo(line, place);
  line.acts.meetNeeds(line, place);
  return true;
}

/** All steps again, from the first; the place stands still. */
export function restartSteps(line: LineCore, place: number): void {
  beginStep(line, place, 0);
  line.memory.placePhase[place] = NEED;
  letGo(line, place);
}

function beginStep({ work, memory }: LineCore, place: number, step: number): void {
  work!.placeStep[place] = step;
  memory.placeLeft[place] = work!.stepTime[place * MAX_STEPS + step]!;
}

/** Puts the part in a place where so much of its work is left, µs. */
export function leaveSteps(line: LineCore, place: number, left: number): void {
  const work = line.work!;
  const last = work.placeSteps[place]! - 1;
  let [step, rest] = [last, left];
  while (step > 0 && rest > work.stepTime[place * MAX_STEPS + step]!) rest -= work.stepTime[place * MAX_STEPS + step--]!;
  work.placeStep[place] = step;
  line.memory.placeLeft[place] = rest;
}

/** Time of the steps behind the present one, µs. */
export function laterSteps({ work, memory }: LineCore, place: number): number {
  if (work === undefined || memory.placePart[place]! < 0) return 0;
  let time = 0;
  for (let step = work.placeStep[place]! + 1; step < work.placeSteps[place]!; step++) time += work.stepTime[place * MAX_STEPS + step]!;
  return time;
}

/** What the component said of the part in a place; undefined where its station has none. */
export function outcomeOfPlace(line: LineCore, station: CompiledStation, place: number): (typeof OUTCOMES)[number] | undefined {
  const has = line.compiled.components.byStation?.[station.index] !== undefined;
  return has ? OUTCOMES[line.work!.placeOutcome[place]!] : undefined;
}
