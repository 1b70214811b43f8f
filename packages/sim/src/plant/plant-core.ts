import type { LineCore } from "../line/line-core.ts";
import { UNLIMITED } from "../line/compile-line.ts";
import type { PlantModel } from "./plant-model.ts";

/** What never changes of the buffers between lines: names as indexes. */
export interface CompiledPlant {
  readonly model: PlantModel;
  readonly capacities: readonly number[];
  /** By line, then station: the buffer behind it and before it, −1 for none. */
  readonly outlets: readonly Int32Array[];
  readonly inlets: readonly Int32Array[];
  /** By buffer: [line, station] of those that take from it. */
  readonly drains: readonly (readonly (readonly [line: number, station: number])[])[];
  /** Number of the first place of each line among the places of all. */
  readonly firstPlace: readonly number[];
  /** Products of all lines. */
  readonly products: readonly string[];
  /** By line: index of the line's product in those of all, and back (−1: the line does not make it). */
  readonly toPlant: readonly Int32Array[];
  readonly toLine: readonly Int32Array[];
}

/** A plant in the course of a run. */
export interface PlantCore {
  readonly compiled: CompiledPlant;
  readonly lines: readonly LineCore[];
  readonly memory: PlantMemory;
  /** No state: whether a line was given something by another one, so that the order of what comes next has to be looked at again. */
  readonly crossing: { happened: boolean };
}

/** State of the buffers between lines: numbers and typed arrays only (`kernel/memory.ts`). */
export class PlantMemory {
  now = 0;
  start = 0;
  measuredFrom = 0;
  measuring = 0;
  /** 0 while the lines are at their first moment, one after the other. */
  open = 0;
  outputStep = 0;

  bufferCount: Int32Array<ArrayBuffer>;
  bufferFirst: Int32Array<ArrayBuffer>;
  bufferLast: Int32Array<ArrayBuffer>;
  bufferMax: Int32Array<ArrayBuffer>;
  bufferSince: Float64Array<ArrayBuffer>;
  bufferIntegral: Float64Array<ArrayBuffer>;
  /** Parts put in and taken out since the start, and since the measured time began. */
  everIn: Float64Array<ArrayBuffer>;
  everOut: Float64Array<ArrayBuffer>;
  measuredIn: Float64Array<ArrayBuffer>;
  measuredOut: Float64Array<ArrayBuffer>;
  bufferInitial: Int32Array<ArrayBuffer>;
  /** Places (of all lines) that wait to give a part away. */
  waitingFirst: Int32Array<ArrayBuffer>;
  waitingLast: Int32Array<ArrayBuffer>;
  placeNextWaiting: Int32Array<ArrayBuffer>;
  placeWaits: Uint8Array<ArrayBuffer>;
  /** Parts inside: product and the next, a free row chained through the latter. */
  itemProduct: Int32Array<ArrayBuffer> = new Int32Array(16);
  itemNext: Int32Array<ArrayBuffer> = Int32Array.from({ length: 16 }, (_, item) => item + 1);
  itemFree = 0;
  /** Parts put into any shared buffer by step of the output. */
  puts: Int32Array<ArrayBuffer> = new Int32Array(64);

  constructor(buffers: number, places: number) {
    const i32 = (fill = 0) => new Int32Array(buffers).fill(fill);
    const f64 = () => new Float64Array(buffers);
    this.bufferCount = i32();
    this.bufferFirst = i32(-1);
    this.bufferLast = i32(-1);
    this.bufferMax = i32();
    this.bufferSince = f64();
    this.bufferIntegral = f64();
    this.everIn = f64();
    this.everOut = f64();
    this.measuredIn = f64();
    this.measuredOut = f64();
    this.bufferInitial = i32();
    this.waitingFirst = i32(-1);
    this.waitingLast = i32(-1);
    this.placeNextWaiting = new Int32Array(places).fill(-1);
    this.placeWaits = new Uint8Array(places);
  }
}

/** Makes a valid plant ready for cores of its lines. Throws on names that the lines do not have. */
export function compilePlant(model: PlantModel, lines: readonly LineCore["compiled"][]): CompiledPlant {
  const lineIndex = new Map(model.lines.map(({ id }, index) => [id, index]));
  const at = ({ line, station }: { readonly line: string; readonly station: string }): readonly [number, number] => {
    const index = lineIndex.get(line);
    const found = index === undefined ? undefined : lines[index]!.stations.find(({ id }) => id === station);
    if (index === undefined || found === undefined)
      throw new Error(`the plant names station "${station}" of line "${line}", which it does not have`);
    return [index, found.index];
  };
  const ends = () => lines.map(({ stations }) => new Int32Array(stations.length).fill(-1));
  const [outlets, inlets] = [ends(), ends()];
  const drains = model.buffers.map(({ to }) => to.map(at));
  model.buffers.forEach(({ from }, buffer) => {
    for (const [line, station] of from.map(at)) outlets[line]![station] = buffer;
    for (const [line, station] of drains[buffer]!) inlets[line]![station] = buffer;
  });
  const products = [...new Set(lines.flatMap((line) => line.products))];
  let places = 0;
  return {
    model,
    capacities: model.buffers.map(({ capacity }) => capacity ?? UNLIMITED),
    outlets,
    inlets,
    drains,
    firstPlace: lines.map(({ placeStation }) => (places += placeStation.length) - placeStation.length),
    products,
    toPlant: lines.map((line) => Int32Array.from(line.products, (product) => products.indexOf(product))),
    toLine: lines.map((line) => Int32Array.from(products, (product) => line.products.indexOf(product))),
  };
}
