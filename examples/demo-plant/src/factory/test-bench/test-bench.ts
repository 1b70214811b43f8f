import { existsSync, readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { Destination, SentValue } from "../kit/destination.ts";
import { goesWrong } from "../kit/dirt.ts";
import { pageOf, Refusal, type Route } from "../kit/http-service.ts";
import { IntervalDrop } from "../kit/interval-drop.ts";
import { HOUR } from "../kit/local-time.ts";
import { Outbox } from "../kit/outbox.ts";
import type { PlantConnection } from "../kit/plant-connection.ts";
import type { FactoryProgram, ProgramContext, ProgramKind } from "../kit/program.ts";
import { readJson, writeWhole } from "../kit/small-file.ts";
import { benchDirt, Benches, type BenchResult, type KeptResult } from "./benches.ts";
import { curveOf } from "./curve.ts";

/** The tightening benches: a result and a curve for each serial. */
export const testBench: ProgramKind = { name: "test-bench", begin: (context) => new TestBench(context) };

/** Curves are left as files for what is measured from now on, and so many stay. */
const FILES = 2_000;
const RECENT = HOUR;

class TestBench implements FactoryProgram {
  readonly #context: ProgramContext;
  readonly #benches: Benches;
  readonly #outbox: Outbox<KeptResult>;
  /** Last result of each curve. */
  readonly #numbers = new Map<string, number>();
  readonly #drop: IntervalDrop<KeptResult>;
  readonly routes: readonly Route[];
  readonly destinations: readonly Destination[];
  readonly connections: readonly PlantConnection[];
  #settled = 0;
  #filed: number;

  constructor(context: ProgramContext) {
    this.#context = context;
    const { header, local, folder, drop } = context;
    this.#outbox = new Outbox(join(folder, "results.ndjson"));
    this.#benches = new Benches(header, local, (result) => {
      const seq = this.#outbox.say(result);
      if (result.curve !== undefined) this.#numbers.set(result.curve, seq);
    });
    this.#drop = new IntervalDrop({
      outbox: this.#outbox,
      drop,
      folder,
      local,
      name: "results",
      everyMs: HOUR,
      header: ["time", "bench", "serial", "attempt", "verdict", "tool", "tool_count", "curve", ...screwColumns()],
      row: (each) => [
        each.time,
        each.bench,
        each.serial,
        each.attempt,
        each.verdict,
        each.tool,
        each.toolCount,
        each.curve,
        ...screwCells(each),
      ],
    });
    this.#filed = readJson<{ readonly seq: number }>(join(folder, "filed.json"), { seq: 0 }).seq;
    this.routes = this.#routes();
    this.destinations = [
      { name: "test-bench", by: "push", pending: (after, most) => this.#pending(after, most, pushed) },
      { name: "curves", by: "post", pending: (after, most) => this.#pending(after, Math.min(most, 20), (kept) => this.#posted(kept)) },
    ];
    this.connections = [{ name: "Tightening benches", protocol: "push", url: "push:test-bench", settings: { signals: benchSignals } }];
  }

  take(record: Parameters<FactoryProgram["take"]>[0]): void {
    this.#benches.take(record);
  }

  settle(ms: number): void {
    this.#settled = ms;
  }

  flush(isPresent: boolean): void {
    this.#outbox.flush();
    this.#drop.flush(this.#settled);
    if (isPresent) this.#leaveCurves();
  }

  #pending(after: number, most: number, values: (kept: KeptResult & { readonly seq: number }) => readonly SentValue[]) {
    return this.#outbox.after(after, most).map((kept) => ({ seq: kept.seq, values: values(kept) }));
  }

  #posted(kept: KeptResult): readonly SentValue[] {
    if (kept.curve === undefined || Date.parse(kept.time) < this.#settled - RECENT) return [];
    return [{ address: kept.curve, value: JSON.stringify(this.#curve(kept)), ms: Date.parse(kept.time) }];
  }

  /** A file for each curve of the last hour, whole or not at all. */
  #leaveCurves(): void {
    const { folder, drop } = this.#context;
    const before = this.#filed;
    for (;;) {
      const entries = this.#outbox.after(this.#filed, 500);
      if (entries.length === 0) break;
      for (const kept of entries) {
        if (kept.curve === undefined || Date.parse(kept.time) < this.#settled - RECENT) continue;
        writeWhole(join(drop, "curves", `${kept.curve}.json`), JSON.stringify(this.#curve(kept)));
      }
      this.#filed = entries.at(-1)!.seq;
    }
    if (this.#filed === before) return;
    writeWhole(join(folder, "filed.json"), JSON.stringify({ seq: this.#filed }));
    this.#forgetOldCurves(join(drop, "curves"));
  }

  #forgetOldCurves(folder: string): void {
    if (!existsSync(folder)) return;
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    if (names.length <= FILES * 1.1) return;
    // serials ascend on each bench
    const number = (name: string) => Number(/-(\d+)_\d+\.json$/.exec(name)?.[1] ?? 0);
    for (const name of names.toSorted((a, b) => number(a) - number(b)).slice(0, names.length - FILES)) unlinkSync(join(folder, name));
  }

  #curve(kept: KeptResult): unknown {
    const { made, screws, ...result } = kept;
    const hasGap = goesWrong(this.#context.header.seed, "curve.gap", kept.curve ?? "", benchDirt.gap);
    return {
      ...result,
      units: { angle: "deg", torque: "N.m" },
      screws: screws.map((screw, index) => {
        const { points } = curveOf(made[index]!);
        return { ...screw, points: hasGap && index === 0 ? [...points.slice(0, 20), ...points.slice(31)] : points };
      }),
    };
  }

  #routes(): readonly Route[] {
    return [
      {
        method: "GET",
        path: "/results",
        answer: (asked) => {
          const { after, limit } = pageOf(asked);
          return this.#outbox.after(after, limit).map(shown);
        },
      },
      {
        method: "GET",
        path: "/curves/:curve",
        answer: ({ path }) => {
          const seq = this.#numbers.get(path["curve"]!);
          const kept = seq === undefined ? undefined : this.#outbox.after(seq - 1, 1)[0];
          if (kept === undefined) throw new Refusal(404, `there is no curve ${path["curve"]}`);
          return this.#curve(kept);
        },
      },
      {
        method: "GET",
        path: "/serials/:serial",
        answer: ({ path }) => {
          const curves = ["S080", "L4-010"].flatMap((station) =>
            [1, 2, 3].flatMap((attempt) =>
              this.#numbers.has(`${station}_${path["serial"]}_${attempt}`) ? [`${station}_${path["serial"]}_${attempt}`] : [],
            ),
          );
          if (curves.length === 0) throw new Refusal(404, `nothing was measured of ${path["serial"]}`);
          return { serial: path["serial"], curves };
        },
      },
    ];
  }
}

/** Without what the curve is made of. */
function shown(kept: KeptResult): BenchResult {
  return Object.fromEntries(Object.entries(kept).filter(([name]) => name !== "made")) as unknown as BenchResult;
}

const benchSignals = (["TB-S080", "TB-L4-010"] as const).flatMap((bench) => [
  { address: `${bench}.Serial`, name: `Serial on ${bench}`, valueType: "string", role: "SerialRead" },
  { address: `${bench}.Curve`, name: `Curve of ${bench}`, valueType: "string", role: "CurveName" },
  {
    address: `${bench}.RundownTorque`,
    name: `Rundown torque ${bench}`,
    valueType: "double",
    unit: "N.m",
    low: 0,
    high: 5,
    role: "RundownTorque",
  },
  {
    address: `${bench}.SeatingAngle`,
    name: `Seating angle ${bench}`,
    valueType: "double",
    unit: "deg",
    low: 0,
    high: 1_000,
    role: "SeatingAngle",
  },
  { address: `${bench}.Steepness`, name: `Steepness ${bench}`, valueType: "double", unit: "N.m/deg", low: 0, high: 0.2, role: "Steepness" },
]);

function pushed(kept: BenchResult): readonly SentValue[] {
  const ms = Date.parse(kept.time);
  const mean = (of: (screw: BenchResult["screws"][number]) => number) =>
    kept.screws.reduce((sum, screw) => sum + of(screw), 0) / kept.screws.length;
  const value = (name: string, each: string | number): SentValue => ({ address: `${kept.bench}.${name}`, value: each, ms });
  return [
    ...(kept.serial === "" ? [] : [value("Serial", kept.serial)]),
    ...(kept.curve === undefined ? [] : [value("Curve", kept.curve)]),
    value("RundownTorque", Number(mean(({ rundownTorque }) => rundownTorque).toFixed(3))),
    value("SeatingAngle", Number(mean(({ seatingAngle }) => seatingAngle).toFixed(1))),
    value("Steepness", Number(mean(({ steepness }) => steepness).toFixed(5))),
  ];
}

const screwNames = ["torque_nm", "angle_deg", "rundown_nm", "seating_deg", "steepness_nm_per_deg"] as const;

function screwColumns(): readonly string[] {
  return Array.from({ length: 6 }, (_, index) => screwNames.map((name) => `screw${index + 1}_${name}`)).flat();
}

function screwCells({ screws }: BenchResult): readonly (number | undefined)[] {
  return Array.from({ length: 6 }, (_, index) => {
    const screw = screws[index];
    return [screw?.torque, screw?.angle, screw?.rundownTorque, screw?.seatingAngle, screw?.steepness];
  }).flat();
}
