import { InvalidArgumentError, Option } from "commander";

// Options and arguments that several subcommands share. What is wrong in them is wrong usage (exit 2), before anything runs.

export const jsonOption = () => new Option("--json", "print JSON lines to stdout, logs to stderr");

export function countOf(text: string): number {
  const count = Number(text);
  if (text.trim() === "" || !Number.isInteger(count) || count < 0) throw new InvalidArgumentError("a whole number is wanted");
  return count;
}

export function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !(seconds > 0) || seconds > 1e6) throw new InvalidArgumentError("seconds above 0 are wanted");
  return seconds;
}

export function spanOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() === "" || !Number.isFinite(seconds) || seconds < 0) throw new InvalidArgumentError("a number of seconds is wanted");
  return seconds;
}

export function offsetOf(text: string): number {
  const minutes = Number(text);
  if (text.trim() === "" || !Number.isInteger(minutes) || Math.abs(minutes) > 840)
    throw new InvalidArgumentError("whole minutes between -840 and 840 are wanted");
  return minutes;
}
