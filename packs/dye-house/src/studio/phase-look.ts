import type { Phase } from "../model/phase.ts";

/** Phases that look alike: water, heat, chemicals, time, goods. */
const LOOKS: Readonly<Record<Phase, string>> = {
  load: "goods",
  unload: "goods",
  fill: "water",
  rinse: "water",
  drain: "drain",
  heat: "heat",
  cool: "cool",
  dose: "dose",
  addition: "off",
  hold: "hold",
  sample: "sample",
  unknown: "unknown",
};

export function phaseClass(phase: Phase): string {
  return `is-${LOOKS[phase]}`;
}

/** Phases by the class of their look, in the order of a batch. */
export function phasesByLook(): ReadonlyMap<string, readonly Phase[]> {
  return Map.groupBy(Object.keys(LOOKS) as Phase[], phaseClass);
}
