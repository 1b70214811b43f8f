import type { Optimisation } from "@doppelwerk/client";
import type { Translate } from "@doppelwerk/kit/studio";

/** The unit of a goal, or of what is kept, by its place among both; empty where it has none. */
export function unitOf(answer: Optimisation, goal: number, t: Translate): string {
  return answer.units[goal] === "" ? "" : t.or(`simulate.optimise.unit.${answer.units[goal]!}`, answer.units[goal]!);
}

/** A goal with its unit. */
export function goalText(answer: Optimisation, goal: number, t: Translate): string {
  return `${t(`simulate.optimise.measure.${answer.goals[goal]!}`)} ${unitOf(answer, goal, t)}`.trim();
}

/** Decimals for about four significant digits. */
export function digitsFor(value: number): number {
  const size = Math.abs(value);
  return size >= 1_000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}
