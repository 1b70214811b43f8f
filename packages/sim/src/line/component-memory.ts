import type { CompiledLine } from "./compile-line.ts";
import { MAX_STEPS } from "./component.ts";

/** State of the components of a line: numbers and typed arrays only (`kernel/memory.ts`). Times are microseconds. */
export class ComponentMemory {
  /** Calls so far. */
  calls = 0;
  /** Steps of the part in a place, the present one, and its outcome. */
  placeSteps: Int32Array<ArrayBuffer>;
  placeStep: Int32Array<ArrayBuffer>;
  placeOutcome: Uint8Array<ArrayBuffer>;
  stepTime: Float64Array<ArrayBuffer>;
  /** Pool that a step holds, −1 for none. */
  stepPool: Int32Array<ArrayBuffer>;
  /** Pool that a place holds now, −1 for none. */
  placeHolds: Int32Array<ArrayBuffer>;
  /** Product of the last part that a place was asked about, −1 for none. */
  placeLast: Int32Array<ArrayBuffer>;
  /** Numbers that places keep, one station after the other. */
  state: Float64Array<ArrayBuffer>;
  /** Numbers that parts carry, by row; those of a row are of the part with this serial. */
  partSerial: Float64Array<ArrayBuffer>;
  partValues: Float64Array<ArrayBuffer>;
  /** What stations used up since the end of the warm-up. */
  used: Float64Array<ArrayBuffer>;

  constructor({ placeStation, components }: CompiledLine) {
    const places = placeStation.length;
    this.placeSteps = new Int32Array(places);
    this.placeStep = new Int32Array(places);
    this.placeOutcome = new Uint8Array(places);
    this.stepTime = new Float64Array(places * MAX_STEPS);
    this.stepPool = new Int32Array(places * MAX_STEPS).fill(-1);
    this.placeHolds = new Int32Array(places).fill(-1);
    this.placeLast = new Int32Array(places).fill(-1);
    this.state = new Float64Array(components.stateLength);
    this.partSerial = new Float64Array(64);
    this.partValues = new Float64Array(64 * components.part.length);
    this.used = new Float64Array(components.usesLength);
  }
}
