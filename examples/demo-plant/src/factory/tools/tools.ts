import { join } from "node:path";
import type { FloorHeader } from "../../floor/floor-record.ts";
import type { Destination, SentValue } from "../kit/destination.ts";
import { goesWrong } from "../kit/dirt.ts";
import { pageOf, type Route } from "../kit/http-service.ts";
import { DAY, HOUR, MINUTE, type LocalTime } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { csvText, writeWhole } from "../kit/small-file.ts";
import { ToolBook, tools as allTools } from "../kit/tool-book.ts";

/** A change as the fitters book it, or a reading of all counters at the end of a shift. */
export interface ToolEntry {
  readonly time: string;
  readonly kind: "change" | "reading";
  readonly tool: string;
  readonly station: string;
  /** Number of the tool in use since the record began. */
  readonly number: number;
  /** What the counter showed; of a change what the tool that was taken out had made. */
  readonly count: number;
  readonly unit: string;
  readonly life: number;
  readonly spare?: string;
}

export const toolDirt = {
  /** A change after which nobody set the counter back: it counts on for a day. */
  notReset: 0.12,
  /** A reading of a counter that hangs: that of the shift before. */
  hanging: 0.03,
} as const;

/** Tools with a life and what they have made. */
export const toolCounters: ProgramKind = { name: "tools", begin: (context) => new ToolCounters(context) };

class ToolCounters implements FactoryProgram {
  readonly #header: FloorHeader;
  readonly #local: LocalTime;
  readonly #book: ToolBook;
  readonly #outbox: Outbox<ToolEntry>;
  readonly #drop: string;
  /** What is still on a counter that nobody set back, and until when. */
  readonly #notReset = new Map<string, { readonly count: number; readonly until: number }>();
  readonly #before = new Map<string, number>();
  readonly routes: readonly Route[];
  readonly destinations: readonly Destination[];
  #settled = 0;
  #dropped = "";

  constructor({ header, local, folder, drop }: ProgramContext) {
    this.#header = header;
    this.#local = local;
    this.#drop = drop;
    this.#book = new ToolBook(header);
    this.#outbox = new Outbox(join(folder, "tools.ndjson"));
    this.routes = [
      { method: "GET", path: "/tools", answer: () => this.#counters() },
      {
        method: "GET",
        path: "/entries",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#outbox.after(after, limit);
        },
      },
    ];
    this.destinations = [{ name: "tool-counters", by: "mqtt", pending: (after) => this.#pending(after) }];
  }

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    for (const { ms, tool, count, number } of this.#book.take(record)) {
      this.#say(ms + 12 * MINUTE, "change", tool.id, { number: number + 1, count, spare: tool.spare });
      const key = `${tool.id}.${number}`;
      if (goesWrong(this.#header.seed, "tool.notReset", key, toolDirt.notReset)) this.#notReset.set(tool.id, { count, until: ms + DAY });
    }
    if (record[0] === "s" && record[3] === "end") this.#readAll(record[1]);
  }

  settle(ms: number): void {
    this.#settled = ms;
  }

  flush(isPresent: boolean): void {
    this.#outbox.flush();
    const hour = `${this.#local.date(this.#settled)} ${Math.floor(this.#settled / HOUR)}`;
    if (!isPresent || hour === this.#dropped) return;
    this.#dropped = hour;
    const rows = this.#counters().map((each) => [
      this.#local.iso(this.#settled),
      each.tool,
      each.station,
      each.count,
      each.unit,
      each.life,
    ]);
    writeWhole(join(this.#drop, "tools.csv"), csvText(["time", "tool", "station", "count", "unit", "life"], rows));
  }

  #readAll(ms: number): void {
    for (const { tool, changes } of this.#book.states) {
      const shown = this.#shown(tool.id, ms);
      const hangs = goesWrong(this.#header.seed, "tool.hanging", `${tool.id}.${ms}`, toolDirt.hanging);
      this.#say(ms, "reading", tool.id, { number: changes + 1, count: hangs ? (this.#before.get(tool.id) ?? shown) : shown });
      this.#before.set(tool.id, shown);
    }
  }

  #shown(id: string, ms: number): number {
    const wrong = this.#notReset.get(id);
    return this.#book.stateOf(id).count + (wrong !== undefined && ms < wrong.until ? wrong.count : 0);
  }

  #say(ms: number, kind: ToolEntry["kind"], id: string, rest: Pick<ToolEntry, "number" | "count" | "spare">): void {
    const { station, unit, life } = allTools.find((each) => each.id === id)!;
    this.#outbox.say({ time: this.#local.iso(ms), kind, tool: id, station, unit, life, ...rest });
  }

  #counters() {
    return this.#book.states.map(({ tool, changes, changedAt }) => ({
      tool: tool.id,
      name: tool.name,
      station: tool.station,
      number: changes + 1,
      count: this.#shown(tool.id, this.#settled),
      unit: tool.unit,
      life: tool.life,
      changedAt: this.#local.iso(changedAt),
      spare: tool.spare,
    }));
  }

  /** Counters are published once a minute; the number of the entry is the minute. */
  #pending(after: number): readonly { readonly seq: number; readonly values: readonly SentValue[] }[] {
    const minute = Math.floor(this.#settled / MINUTE);
    if (minute <= after) return [];
    const values = this.#counters().map(({ tool, count }): SentValue => ({
      address: `factory/tools/${tool}/Count`,
      value: count,
      ms: this.#settled,
    }));
    return [{ seq: minute, values }];
  }
}
