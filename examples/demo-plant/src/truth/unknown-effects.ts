import { hashUnit } from "./chance.ts";

/**
 * Effects that only the programs of the factory know, two on each line (P16): they show in the curves of the test bench and in nothing that the line's own
 * controllers send. A test finds them again from orders, scans, curves, rosters and the calendar alone.
 */

/** Line 3: one lot of doors in six has tight threads; its screws need this much more torque while they run down. */
export const tightThreads = { share: 1 / 6, rundownTorque: 1.35 } as const;
/** Line 3: the worn spindle gives way. The torque rises less steeply from this wear on, long before the final torque leaves its limits. */
export const softSpindle = { fromWear: 0.6, steepnessAtEnd: 0.86 } as const;
/** Line 4: who is new at the heat pump starts the nutrunner before the screw sits; it turns this much further before it seats, degrees. */
export const hastyHands = { rundownAngle: 75 } as const;
/** Line 4: the thread adhesive is cold in the first forty minutes of a shift and brakes the screw. */
export const coldAdhesive = { firstMs: 40 * 60_000, rundownTorque: 1.28 } as const;

const DAY = 86_400_000;
const spindleLife = 21 * DAY;
const spindleAge = 14 * DAY;

export function hasTightThreads(seed: number, lot: string): boolean {
  return hashUnit(seed, `tight.${lot}`) < tightThreads.share;
}

/** One of the two whose place the heat pump is. */
export function isHasty(seed: number, team: "A" | "B", isRegular: boolean): boolean {
  return isRegular && hashUnit(seed, "hasty") < 0.5 === (team === "A");
}

/** Wear of the screwing spindle, 0 new to 1 at its end; times in milliseconds. The line's controllers follow the same. */
export function spindleWearAt(ms: number, anchorDay: number): number {
  const age = ms - (anchorDay - spindleAge);
  return (((age % spindleLife) + spindleLife) % spindleLife) / spindleLife;
}

/** Steepness of the torque against a new spindle. */
export function steepness(wear: number): number {
  const { fromWear, steepnessAtEnd } = softSpindle;
  return wear <= fromWear ? 1 : 1 - ((1 - steepnessAtEnd) * (wear - fromWear)) / (1 - fromWear);
}
