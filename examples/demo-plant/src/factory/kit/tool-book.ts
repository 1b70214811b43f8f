import type { FloorHeader, FloorRecord } from "../../floor/floor-record.ts";
import { spindleWearAt } from "../../truth/unknown-effects.ts";
import { between } from "./dirt.ts";

/** A tool with a life, at a station. */
export interface Tool {
  readonly id: string;
  readonly station: string;
  readonly name: string;
  /** What one cycle counts: six screws are six. */
  readonly perCycle: number;
  readonly unit: "cycles" | "screws";
  /** Life by its maker. */
  readonly life: number;
  /** Spare part that a change takes. */
  readonly spare: string;
  /** Changed by age, not by count: in the night when it is worn. */
  readonly byAge?: boolean;
}

export const tools: readonly Tool[] = [
  tool("T10-DIE", "T10", "Press die", 1, 9_000, "SP-1001"),
  tool("T20-SONOTRODE", "T20", "Sonotrode", 1, 7_500, "SP-1002"),
  { ...tool("S080-SPINDLE", "S080", "Screwing spindle", 6, 60_000, "SP-1003"), unit: "screws", byAge: true },
  { ...tool("S080-BIT", "S080", "Screwdriver bits", 6, 18_000, "SP-1004"), unit: "screws" },
  tool("S120-JAW", "S120", "Sealing jaw", 1, 8_000, "SP-1005"),
  tool("L4-010-BIT", "L4-010", "Nutrunner bit", 1, 3_000, "SP-1006"),
  tool("L4-030-ELECTRODE", "L4-030", "Welding electrode", 1, 2_400, "SP-1007"),
  tool("L4-050-DIE", "L4-050", "Riveting die", 1, 5_500, "SP-1008"),
  tool("L4-070-JAW", "L4-070", "Sealing jaw", 1, 6_500, "SP-1009"),
];

export interface ToolState {
  readonly tool: Tool;
  /** Changes so far; the tool in use is number `changes` + 1. */
  readonly changes: number;
  readonly count: number;
  readonly changedAt: number;
}

export interface ToolChange {
  readonly ms: number;
  readonly tool: Tool;
  /** What the tool that was taken out had made. */
  readonly count: number;
  readonly number: number;
}

/** How much each tool has made. It is changed at the beginning of the first shift in which it is due, as fitters do: up to an eighth too early or too late. */
export class ToolBook {
  readonly #seed: number;
  readonly #anchor: number;
  readonly #states: { readonly tool: Tool; changes: number; count: number; changedAt: number; limit: number }[];

  constructor({ seed, anchorDay, recordFrom }: FloorHeader) {
    this.#seed = seed;
    this.#anchor = anchorDay;
    this.#states = tools.map((each) => ({
      tool: each,
      changes: 0,
      count: Math.floor(between(seed, `tool.${each.id}`, 0, 0.7) * each.life),
      changedAt: recordFrom,
      limit: this.#limit(each, 0),
    }));
  }

  get states(): readonly ToolState[] {
    return this.#states;
  }

  stateOf(id: string): ToolState {
    return this.#states.find(({ tool: { id: known } }) => known === id)!;
  }

  take(record: FloorRecord): readonly ToolChange[] {
    if (record[0] === "c") for (const state of this.#states) if (state.tool.station === record[2]) state.count += state.tool.perCycle;
    if (record[0] !== "s" || record[3] !== "begin") return [];
    const ms = record[1];
    return this.#states.flatMap((state) => {
      const isDue = state.tool.byAge === true ? this.#isWornOut(state.changedAt, ms) : state.count >= state.limit;
      if (!isDue) return [];
      const change = { ms, tool: state.tool, count: state.count, number: ++state.changes };
      Object.assign(state, { count: 0, changedAt: ms, limit: this.#limit(state.tool, state.changes) });
      return [change];
    });
  }

  /** The wear begins anew: between the last change and now it has fallen. */
  #isWornOut(since: number, ms: number): boolean {
    return spindleWearAt(ms, this.#anchor) < spindleWearAt(since, this.#anchor) && ms > since;
  }

  #limit({ id, life }: Tool, number: number): number {
    return life * between(this.#seed, `limit.${id}.${number}`, 0.88, 1.12);
  }
}

function tool(id: string, station: string, name: string, perCycle: number, life: number, spare: string): Tool {
  return { id, station, name, perCycle, unit: "cycles", life, spare };
}
