import type { Instant } from "@doppelwerk/world";
import { instantOf } from "../samples/source-time.ts";

export interface ShdrValue {
  /** Data item name as the adapter writes it, `device:` prefix included. */
  readonly key: string;
  /** Undefined = UNAVAILABLE. */
  readonly text: string | undefined;
}

export interface ShdrLine {
  /** Absent where the adapter leaves it out. */
  readonly time: Instant | undefined;
  /** A number in its place: seconds since the line before, in scripts for simulated adapters. */
  readonly waitS: number | undefined;
  readonly values: readonly ShdrValue[];
}

const LEVELS = new Set(["NORMAL", "WARNING", "FAULT", "UNAVAILABLE"]);
const MAX_PAIRS = 2_000;

/**
 * One line of an adapter (MTConnect agent's SHDR protocol): `time|key|value|key|value…`; a condition is `time|key|LEVEL|native code|severity|qualifier|text`.
 * Undefined for commands (`* …`), assets (`@…`) and what is no such line. Conditions become their level with a capital (`Fault`).
 */
export function parseShdrLine(line: string, timeZone = "UTC"): ShdrLine | undefined {
  const trimmed = line.trimEnd();
  if (trimmed === "" || trimmed.startsWith("*")) return undefined;
  const fields = splitFields(trimmed);
  // a duration may follow the time: 2022-08-08T13:51:34Z@12.5
  const stamp = fields[0]!.split("@")[0]!.trim();
  const relative = /^\d{1,6}(?:\.\d+)?$/.test(stamp);
  const time = relative ? undefined : instantOf(stamp, timeZone);
  if (stamp !== "" && !relative && time === undefined) return undefined;
  const key = fields[1]?.trim();
  if (key === undefined || key === "" || key.startsWith("@")) return undefined;
  const base = { time, waitS: relative ? Number(stamp) : undefined };
  const level = fields[2]?.trim().toUpperCase() ?? "";
  if (fields.length >= 6 && fields.length <= 7 && LEVELS.has(level)) return { ...base, values: [{ key, text: levelText(level) }] };
  const values: ShdrValue[] = [];
  for (let at = 1; at + 1 < fields.length && values.length < MAX_PAIRS; at += 2) {
    const name = fields[at]!.trim();
    if (name !== "" && !name.startsWith("@")) values.push({ key: name, text: valueText(fields[at + 1]!) });
  }
  return { ...base, values };
}

function valueText(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed.toUpperCase() === "UNAVAILABLE" ? undefined : trimmed;
}

function levelText(level: string): string | undefined {
  return level === "UNAVAILABLE" ? undefined : level[0]! + level.slice(1).toLowerCase();
}

/** Fields between bars; a quoted field may hold a bar as `\|`. */
function splitFields(line: string): string[] {
  if (!line.includes("\\|")) return line.split("|");
  return line.split(/(?<!\\)\|/).map((field) => field.replaceAll("\\|", "|").replace(/^"(.*)"$/s, "$1"));
}

/** Cuts a text stream into lines and leaves out what stands between two `--multiline--` marks. Lines longer than `longest` are given up. */
export class LineSplitter {
  readonly #longest: number;
  #held = "";
  #until: string | undefined;
  #skipping = false;
  tooLong = 0;

  constructor(longest = 1_000_000) {
    this.#longest = longest;
  }

  *push(text: string): Generator<string> {
    const lines = (this.#held + text).split("\n");
    this.#held = lines.pop()!;
    if (this.#held.length > this.#longest) {
      this.#held = "";
      this.#skipping = true;
      this.tooLong++;
    }
    for (const line of lines) {
      if (this.#skipping) {
        this.#skipping = false;
        continue;
      }
      yield* this.#line(line);
    }
  }

  *end(): Generator<string> {
    if (this.#held !== "" && !this.#skipping) yield* this.#line(this.#held);
    this.#held = "";
  }

  *#line(line: string): Generator<string> {
    if (this.#until !== undefined) {
      if (line.includes(this.#until)) this.#until = undefined;
      return;
    }
    this.#until = /--multiline--\S{1,100}/.exec(line)?.[0];
    yield line;
  }
}
