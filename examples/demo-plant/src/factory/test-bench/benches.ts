import type { FloorHeader, FloorRecord, FloorResults } from "../../floor/floor-record.ts";
import { hashNormal } from "../../truth/chance.ts";
import { coldAdhesive, hastyHands, hasTightThreads, isHasty, spindleWearAt, steepness, tightThreads } from "../../truth/unknown-effects.ts";
import { goesWrong } from "../kit/dirt.ts";
import { SECOND, type LocalTime } from "../kit/local-time.ts";
import { LotBook } from "../kit/lot-book.ts";
import { ToolBook } from "../kit/tool-book.ts";
import { crewOf, teamOf, weekOf } from "../roster/people.ts";
import { curveOf, featuresOf, type Tightening } from "./curve.ts";

export interface Screw {
  readonly screw: number;
  readonly torque: number;
  readonly angle: number;
  readonly rundownTorque: number;
  readonly seatingAngle: number;
  /** N·m a degree. */
  readonly steepness: number;
}

/** One tightening of one serial; the curve itself is asked for. */
export interface BenchResult {
  readonly time: string;
  readonly bench: "TB-S080" | "TB-L4-010";
  readonly station: string;
  /** Empty where the label could not be read. */
  readonly serial: string;
  readonly verdict: "OK" | "NOK";
  readonly attempt: number;
  /** Tool in use: id and number since the record began. */
  readonly tool: string;
  readonly toolCount: number;
  /** Name of the curve; absent where the bench lost it. */
  readonly curve?: string;
  readonly screws: readonly Screw[];
}

export interface KeptResult extends BenchResult {
  /** What the curve is made of; not given out. */
  readonly made: readonly Tightening[];
}

export const benchDirt = { lost: 0.01, twice: 0.005, unread: 0.004, gap: 0.005 } as const;

export class Benches {
  readonly #header: FloorHeader;
  readonly #local: LocalTime;
  readonly #lots: LotBook;
  readonly #tools: ToolBook;
  readonly #say: (result: KeptResult) => void;
  /** Lot of the door of the serials that are between S070 and S080. */
  readonly #doors = new Map<string, string>();
  #shift: { readonly begin: number; readonly name: string } | undefined;
  #hasty = new Map<string, boolean>();

  constructor(header: FloorHeader, local: LocalTime, say: (result: KeptResult) => void) {
    this.#header = header;
    this.#local = local;
    this.#lots = new LotBook(local);
    this.#tools = new ToolBook(header);
    this.#say = say;
  }

  take(record: FloorRecord): void {
    this.#lots.take(record);
    if (record[0] === "u" && record[2] === "S070") this.#door(record[3]);
    if (record[0] === "s" && record[3] === "begin") this.#shift = { begin: record[1], name: record[2] };
    if (record[0] === "c" && record[7] !== undefined) this.#measured(record, record[7]);
    this.#tools.take(record);
  }

  #door(serial: string): void {
    for (const { lot } of this.#lots.lotAt("S070", serial)) this.#doors.set(serial, lot);
    const oldest = this.#doors.keys().next().value;
    if (this.#doors.size > 500 && oldest !== undefined) this.#doors.delete(oldest);
  }

  #measured([, ms, station, serial, , passed, attempt]: Extract<FloorRecord, readonly ["c", ...unknown[]]>, results: FloorResults): void {
    const { seed } = this.#header;
    const name = `${station}_${serial}_${attempt}`;
    const tool = this.#tools.stateOf(station === "S080" ? "S080-SPINDLE" : "L4-010-BIT");
    const made = station === "S080" ? this.#front(ms, serial, results) : this.#heatPump(ms, serial, results);
    const isLost = goesWrong(seed, "curve.lost", name, benchDirt.lost);
    const result: KeptResult = {
      time: this.#local.iso(ms + 2 * SECOND),
      bench: station === "S080" ? "TB-S080" : "TB-L4-010",
      station,
      serial: goesWrong(seed, "curve.unread", name, benchDirt.unread) ? "" : serial,
      verdict: passed === 1 ? "OK" : "NOK",
      attempt,
      tool: `${tool.tool.id}#${tool.changes + 1}`,
      toolCount: tool.count,
      ...(isLost ? {} : { curve: name }),
      screws: made.map((tightening, index) => {
        const read = featuresOf(curveOf(tightening));
        return {
          screw: index + 1,
          torque: tightening.torque,
          angle: tightening.angle,
          rundownTorque: rounded(read.rundownTorque, 3),
          seatingAngle: rounded(read.seatingAngle, 1),
          steepness: rounded(read.steepness, 5),
        };
      }),
      made,
    };
    this.#say(result);
    if (goesWrong(seed, "curve.twice", name, benchDirt.twice)) this.#say(result);
  }

  /** Six screws of the front of Line 3. */
  #front(ms: number, serial: string, results: FloorResults): readonly Tightening[] {
    const { seed, anchorDay } = this.#header;
    const soft = steepness(spindleWearAt(ms, anchorDay));
    const lot = this.#doors.get(serial);
    const threads = lot !== undefined && hasTightThreads(seed, lot) ? tightThreads.rundownTorque : 1;
    return Array.from({ length: 6 }, (_, index): Tightening => {
      const key = keyOf(serial) * 8 + index;
      const [torque, angle] = [results[`Torque${index + 1}`] ?? 0, results[`Angle${index + 1}`] ?? 0];
      const rundownTorque = threads * (1.1 + 0.04 * hashNormal(seed + 201, key, 1));
      const elastic = (170 + 5 * hashNormal(seed + 202, key, 2)) / soft;
      return { seed, key, torque, angle, rundownTorque: rounded(rundownTorque, 4), seatingAngle: rounded(angle - elastic, 2) };
    });
  }

  /** One screw of the heat pump of Line 4. */
  #heatPump(ms: number, serial: string, results: FloorResults): readonly Tightening[] {
    const { seed } = this.#header;
    const key = keyOf(serial) * 8 + 7;
    const shift = this.#shift;
    const cold = shift !== undefined && ms - shift.begin < coldAdhesive.firstMs ? coldAdhesive.rundownTorque : 1;
    const seatingAngle =
      620 + 14 * hashNormal(seed + 203, key, 1) + (shift !== undefined && this.#isHasty(shift) ? hastyHands.rundownAngle : 0);
    const angle = rounded(seatingAngle + 140 + 4 * hashNormal(seed + 204, key, 2), 1);
    const rundownTorque = cold * (1.9 + 0.07 * hashNormal(seed + 205, key, 3));
    const torque = results["HeatPumpTorque"] ?? 0;
    return [{ seed, key, torque, angle, rundownTorque: rounded(rundownTorque, 4), seatingAngle: rounded(seatingAngle, 2) }];
  }

  /** Whether one of the new hands is at the heat pump in this shift, by the roster. */
  #isHasty({ begin, name }: { readonly begin: number; readonly name: string }): boolean {
    const key = `${begin}`;
    const known = this.#hasty.get(key);
    if (known !== undefined) return known;
    const { seed } = this.#header;
    const dayNumber = this.#local.dayNumber(begin);
    const crew = crewOf(seed, teamOf(weekOf(dayNumber), name), dayNumber);
    const person = crew.find(({ place }) => place.station === "L4-010")?.person;
    const hasty = person !== undefined && isHasty(seed, person.team, person.place.station === "L4-010");
    this.#hasty = new Map([[key, hasty]]);
    return hasty;
  }
}

function keyOf(serial: string): number {
  return Number(serial.split("-")[1] ?? 0);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
