import { message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import {
  lineOfTile,
  type LineFlow,
  type RunResults,
  type ShiftFigures,
  type ShiftFiguresValue,
  type TileColumn,
  type TileKind,
  type TileQuestion,
  type TileTable,
} from "@doppelwerk/ports";
import { LIVE, type Instant, type Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { KPIS, type Kpi } from "../model/target-kind.ts";
import { targetsInForce } from "../model/targets-in-force.ts";
import { listTargets } from "./targets.ts";

const HOUR: Instant = 3_600_000_000;
/** As a run names what this product counts. */
const OF_RUN: Readonly<Record<string, string>> = {
  oee: "oee",
  good: "good",
  throughputPerHour: "throughput",
  leadTimeS: "leadTime",
  wip: "wip",
};
const FIGURES = [
  "oee",
  "availability",
  "effectiveness",
  "qualityRatio",
  "firstPassYield",
  "good",
  "scrap",
  "reworked",
  "throughputPerHour",
  "leadTimeS",
  "wip",
] as const;
type Figure = (typeof FIGURES)[number];
const RATIOS: ReadonlySet<string> = new Set(["oee", "availability", "effectiveness", "qualityRatio", "firstPassYield"]);
const UNITS: Readonly<Record<string, string>> = { throughputPerHour: "/h", leadTimeS: "s" };

export interface KpiTileSources {
  readonly flow: LineFlow;
  readonly shifts: ShiftFigures;
  now(): Instant;
  view(principal: Principal): PlantView;
  runs(): RunResults | undefined;
}

const titleOf = (key: string) => textsOf(message(`kpis.tile.${key}` as "kpis.tile.oee"));

/** One KPI of the shift, or all of them: as it is, as it was, or as the newest run of a branch has it. */
export function kpiTiles(sources: KpiTileSources): readonly TileKind[] {
  const lineField = { key: "line", title: titleOf("line"), kind: "line" as const };
  return [
    {
      id: "kpis.value",
      title: titleOf("value"),
      about: titleOf("valueAbout"),
      shape: "value",
      fields: [
        {
          key: "kpi",
          title: titleOf("kpi"),
          kind: "choice",
          choices: FIGURES.map((key) => ({ key, title: titleOf(key) })),
          isRequired: true,
        },
        lineField,
      ],
      least: { width: 160, height: 110 },
      read: (question) => readTable(question, sources, [figureOf(question.settings["kpi"])]),
    },
    {
      id: "kpis.figures",
      title: titleOf("figures"),
      about: titleOf("figuresAbout"),
      shape: "table",
      fields: [lineField],
      least: { width: 240, height: 200 },
      read: (question) => readTable(question, sources, FIGURES),
    },
  ];
}

function figureOf(setting: unknown): Figure {
  return FIGURES.find((each) => each === setting) ?? "oee";
}

function columns(): TileColumn[] {
  return [
    { key: "name", title: titleOf("name"), kind: "text" },
    { key: "value", title: titleOf("amount"), kind: "number" },
    { key: "unit", title: titleOf("unit"), kind: "text" },
    { key: "target", title: titleOf("target"), kind: "number" },
    { key: "low", title: titleOf("low"), kind: "number" },
    { key: "high", title: titleOf("high"), kind: "number" },
    { key: "of", title: titleOf("of"), kind: "text" },
  ];
}

async function readTable(
  { principal, branch, at, settings }: TileQuestion,
  sources: KpiTileSources,
  figures: readonly Figure[],
): Promise<TileTable> {
  const view = sources.view(principal);
  const instant = at ?? sources.now();
  const empty = { columns: columns(), rows: [], at: instant, isSimulated: false };
  const { lines } = await sources.flow.lines(branch);
  const line = lineOfTile(lines, settings, (shell) => isReadable(view, branch, shell));
  if (line === undefined) return { ...empty, note: titleOf("noLine") };
  if (branch !== LIVE) return simulated(empty, await sources.runs()?.newestOfLine(branch, line.id), line, figures);
  const found = await sources.shifts.within(instant - 8 * HOUR, instant + 1, at, line.id);
  const shift = found?.shifts.at(-1);
  if (shift === undefined) return { ...empty, note: titleOf("noShift") };
  const targets = targetsInForce(listTargets(view, LIVE, [line])[0]?.stored ?? {});
  const wip = found?.wip;
  return {
    ...empty,
    from: shift.from,
    rows: figures.map((key) => ({
      ...rowOf(key, key === "wip" ? wip : valueOf(shift, key)),
      of: shift.name,
      ...(key in KPIS && targets[key as Kpi] !== undefined && { target: shown(key, targets[key as Kpi]!.target) ?? null }),
    })),
  };
}

function simulated(
  empty: TileTable,
  result: Awaited<ReturnType<RunResults["newestOfLine"]>>,
  { id }: { readonly id: string },
  figures: readonly Figure[],
): TileTable {
  if (result === undefined) return { ...empty, note: titleOf("noRun") };
  const kpis = result.lines?.find((each) => each.line === id)?.kpis ?? result.kpis;
  const rows = figures.flatMap((key) => {
    const own = kpis.find((each) => each.key === OF_RUN[key]);
    if (own === undefined) return [];
    const scale = (value: number): number | null => shown(key, value) ?? null;
    const { mean, predictionLow, predictionHigh } = own.branch;
    return [{ ...rowOf(key, mean), low: scale(predictionLow), high: scale(predictionHigh), of: titleOf("run") }];
  });
  return { ...empty, rows, isSimulated: true, ...(rows.length === 0 && { note: titleOf("notOfRun") }) };
}

function rowOf(key: Figure, value: number | undefined) {
  return { name: titleOf(key), value: shown(key, value) ?? null, unit: RATIOS.has(key) ? "%" : (UNITS[key] ?? "") };
}

function shown(key: Figure, value: number | undefined): number | undefined {
  return value === undefined ? undefined : RATIOS.has(key) ? value * 100 : value;
}

function valueOf(shift: ShiftFiguresValue, key: Exclude<Figure, "wip"> | Figure): number | undefined {
  return shift[key as keyof ShiftFiguresValue] as number | undefined;
}

function isReadable(view: PlantView, branch: string, shell: string): boolean {
  return view.documents.reader(branch).query({ kind: "shell", index: { name: "aasId", value: shell }, limit: 1 }).length > 0;
}
