import { replicationKey, streamOf, uniformAt, type LineEvent, type LineModel } from "@doppelwerk/sim";
import { floorStations, type FloorLine, type FloorRecord, type FloorResults } from "./floor-record.ts";
import type { FloorSink } from "./floor-writer.ts";

/** So many batches ahead are planned. */
const AHEAD = 12;

/** Tells of one line what happens to its batches and serials. */
export class LineFloor {
  readonly #line: FloorLine;
  readonly #sink: FloorSink;
  readonly #serial: (serial: number, product: string | undefined) => string;
  readonly #planned = new Map<number, string>();
  #model: LineModel | undefined;
  #seed = 0;
  #batch = 0;

  constructor(line: FloorLine, sink: FloorSink, serial: (serial: number, product: string | undefined) => string) {
    this.#line = line;
    this.#sink = sink;
    this.#serial = serial;
  }

  /** The line is run by this model and seed from now on. */
  runs(model: LineModel, seed: number, ms: number): void {
    this.#model = model;
    this.#seed = seed;
    this.#plan(ms);
  }

  onEvent(event: LineEvent, recording: boolean): void {
    const ms = Math.round(event.time / 1000);
    switch (event.kind) {
      case "batchBegin":
        this.#batch = event.batch;
        this.#planned.delete(event.batch);
        this.#write(["b", ms, this.#line, event.batch, event.product, event.size]);
        return this.#plan(ms);
      case "partCreated":
        if (event.batch === undefined) return;
        return this.#write(["n", ms, this.#line, this.#serial(event.serial, event.product), event.batch]);
      case "partJoined":
        return this.#write(["j", ms, this.#serial(event.serial, undefined), this.#serial(event.joined, undefined)]);
      case "partFinished":
        return this.#write(["f", ms, this.#line, this.#serial(event.serial, event.product)]);
      case "partScrapped":
        return this.#write(["x", ms, this.#line, this.#serial(event.serial, event.product)]);
      case "shiftBegin":
        if (recording && this.#line === "Line3") this.#write(["s", ms, event.shift, "begin"]);
        return;
      case "shiftEnd":
        if (recording && this.#line === "Line3") this.#write(["s", ms, event.shift, "end"]);
        return;
      default:
        return;
    }
  }

  cycle(event: Extract<LineEvent, { kind: "cycleEnd" }>, results: FloorResults | undefined): void {
    if (!floorStations.has(event.station)) return;
    const { station, place, tries } = event;
    const serial = this.#serial(event.serial, event.product);
    const record: FloorRecord = ["c", Math.round(event.time / 1000), station, serial, place, event.passed ? 1 : 0, tries];
    this.#write(results === undefined ? record : ([...record, results] as unknown as FloorRecord));
  }

  /** The kernel draws product and size of a batch from its number alone, so planning can know them before. */
  #plan(ms: number): void {
    const program = this.#model?.program;
    if (program?.kind !== "batches") return;
    const key = replicationKey(this.#seed, 0);
    const stream = streamOf("program", "batches");
    const weights = program.mix.map(({ share, batchMin, batchMax }) => (2 * share) / (batchMin + batchMax));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    for (let number = this.#batch; number < this.#batch + AHEAD; number++) {
      let at = uniformAt(key, stream, number * 2);
      const chosen = weights.findIndex((weight) => (at -= weight / sum) < 0);
      const { product, batchMin, batchMax } = program.mix.at(chosen)!;
      const size = batchMin + Math.floor((batchMax - batchMin + 1) * uniformAt(key, stream, number * 2 + 1));
      const text = `${product} ${size}`;
      if (this.#planned.get(number + 1) === text) continue;
      this.#planned.set(number + 1, text);
      this.#write(["p", ms, this.#line, number + 1, product, size]);
    }
  }

  #write(record: FloorRecord): void {
    this.#sink.write(this.#line, record);
  }
}
