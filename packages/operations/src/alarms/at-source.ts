import { AT_SOURCE, type OperatorAction } from "./operator-action.ts";

/** Bits of the state of a condition of a plant (OPC UA Part 9). */
const UNACKNOWLEDGED = 2;
const SHELVED = 16;
const SUPPRESSED = 32;

/** What a plant set aside itself: only that is taken back when the plant says so, never what a person did here. */
export interface AsideAtSource {
  asideThere?: "shelved" | "suppressed";
}

type ActAtSource = Omit<OperatorAction, "rule">;

/** What the state of a condition at its plant does to its alarm; notes in `memory` what the plant set aside. */
export function actsAtSource(value: number, memory: AsideAtSource): readonly ActAtSource[] {
  const acts: ActAtSource[] = [];
  const aside = (value & SHELVED) !== 0 ? "shelved" : (value & SUPPRESSED) !== 0 ? "suppressed" : undefined;
  if (aside !== memory.asideThere) {
    if (memory.asideThere === "shelved") acts.push(act("unshelve", "no longer shelved at the source"));
    if (memory.asideThere === "suppressed") acts.push(act("unsuppress", "no longer suppressed at the source"));
    if (aside === "shelved") acts.push(act("shelve", "shelved at the source"));
    if (aside === "suppressed") acts.push(act("suppress", "suppressed at the source"));
    if (aside === undefined) delete memory.asideThere;
    else memory.asideThere = aside;
  }
  if ((value & UNACKNOWLEDGED) === 0) acts.push(act("acknowledge", "acknowledged at the source"));
  return acts;
}

function act(action: ActAtSource["action"], reason: string): ActAtSource {
  return { action, actor: AT_SOURCE, reason };
}
