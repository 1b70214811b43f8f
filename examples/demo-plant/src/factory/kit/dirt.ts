import { hashUnit } from "../../truth/chance.ts";

/** Whether something of this kind goes wrong, the same whenever it is asked; `share` of 1. */
export function goesWrong(seed: number, what: string, of: string, share: number): boolean {
  return hashUnit(seed, `${what}:${of}`) < share;
}

/** A number between `low` and `high` that depends on nothing but its arguments. */
export function between(seed: number, what: string, low: number, high: number): number {
  return low + (high - low) * hashUnit(seed, what);
}
