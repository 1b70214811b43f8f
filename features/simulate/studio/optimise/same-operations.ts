import type { ScheduleProblem } from "@doppelwerk/sim/optimise";

/** Whether a plan of one is a plan of the other: the same orders, operations and machines; a bound holds for the same times only. */
export function sameOperations(one: ScheduleProblem, other: ScheduleProblem, what: "choices" | "times" = "choices"): boolean {
  const shape = ({ machines, jobs }: ScheduleProblem): string =>
    JSON.stringify([
      machines.map(({ id }) => id),
      jobs.map(({ id, operations }) => [
        id,
        operations.map(({ choices }) => choices.map(({ machine, time }) => (what === "times" ? [machine, time] : machine))),
      ]),
    ]);
  return shape(one) === shape(other);
}
