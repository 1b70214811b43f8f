import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world/error";
import { badLine, numberLines, wholeNumber } from "../text-numbers.ts";
import type { LineBalance } from "./line-balancing.ts";

const MAX_TASKS = 5_000;
const MAX_TIME = 10_000_000;

/**
 * Line balancing in the text format of the benchmark sets of assembly-line-balancing.de: sections in angle brackets (`<number of tasks>`, `<cycle time>` or
 * `<number of stations>`, `<task times>`, `<precedence relations>`, `<end>`), tasks counted from 1. Throws DW_INVALID naming the line.
 */
export function readLineBalance(text: string): LineBalance {
  const sections = new Map<string, { readonly line: number; readonly body: string[] }>();
  let current: string[] | undefined;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const name = /^\s*<(.+)>\s*$/.exec(line)?.[1]?.toLowerCase().trim();
    if (name !== undefined) {
      current = [];
      sections.set(name, { line: index + 1, body: current });
    } else current?.push(line);
  }
  const numbers = (name: string) => {
    const section = sections.get(name);
    if (!section) throw new DoppelwerkError("DW_INVALID", message("sim.fileNoSection", { name }));
    // lines are told as the file counts them
    return section.body.every((line) => line.trim() === "") ? [] : numberLines(`${"\n".repeat(section.line)}${section.body.join("\n")}`);
  };
  const one = (name: string, what: string, most: number): number => {
    const [row] = numbers(name);
    return wholeNumber(row?.values[0], row?.line ?? sections.get(name)!.line, what, 1, most);
  };
  const count = one("number of tasks", "the number of tasks", MAX_TASKS);
  const time: number[] = [];
  for (const { line, values } of numbers("task times")) {
    const task = wholeNumber(values[0], line, "a task", 1, count);
    time[task - 1] = wholeNumber(values[1], line, "a time", 0, MAX_TIME);
  }
  for (let task = 0; task < count; task++)
    if (time[task] === undefined) throw badLine(sections.get("task times")!.line, `task ${task + 1} of ${count} has no time`);
  const precedences = numbers("precedence relations").map(
    ({ line, values }) =>
      [wholeNumber(values[0], line, "a task", 1, count) - 1, wholeNumber(values[1], line, "a task", 1, count) - 1] as const,
  );
  const goal = sections.has("cycle time")
    ? { cycle: one("cycle time", "the cycle time", MAX_TIME) }
    : { stations: one("number of stations", "the number of stations", count) };
  return { time, precedences, goal };
}
