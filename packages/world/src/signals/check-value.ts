import { quality } from "./sample.ts";
import type { ValueType } from "./signal.ts";

/** Why a sample could not be taken at its word. `future`: its source time lies ahead of the server's beyond tolerance. */
export type SampleFault = "notANumber" | "infinite" | "outOfRange" | "wrongType" | "future";

/** Beyond this no sensor of a plant speaks; such numbers are sentinels and overflows of devices. */
const HUGE = 1e100;

/** What is wrong with a value for a signal of this type, undefined when nothing is. A bad sample carries no value, so nothing can be wrong with it. */
export function checkValue(valueType: ValueType, value: number, text: string | undefined, sampleQuality: number): SampleFault | undefined {
  if (sampleQuality === quality.bad) return undefined;
  if (valueType === "string") return text === undefined ? "wrongType" : undefined;
  // Plants send states as words as well as numbers.
  if (valueType === "enumeration" && text !== undefined) return undefined;
  if (text !== undefined) return "wrongType";
  if (Number.isNaN(value)) return "notANumber";
  if (value === Infinity || value === -Infinity) return "infinite";
  if (valueType === "double") return Math.abs(value) > HUGE ? "outOfRange" : undefined;
  if (valueType === "boolean") return value === 0 || value === 1 ? undefined : "wrongType";
  if (!Number.isInteger(value)) return "wrongType";
  return Number.isSafeInteger(value) ? undefined : "outOfRange";
}
