import { availableParallelism } from "node:os";
import type { LineEngine } from "@doppelwerk/operations";
import { scoreForecasts } from "@doppelwerk/sim";
import type { ExperimentModel, ScoredForecast } from "@doppelwerk/sim";
import { HOUR } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import {
  backtestOrigins,
  observedBefore,
  observedModel,
  openFittedPlant,
  shifts,
  type LineOfShells,
} from "../../line/fitted-plant.fixture.ts";
import { forecastOf, horizons } from "../server/decide/backtest-service.ts";
import { openSimulations } from "../server/decide/simulations.fixture.ts";
import { reportMedian, type Report } from "../../../bench/report.ts";

/**
 * P4: the backtest that a server makes of its own forecasts, on demo plants of different seeds (`--plants=3,4`; six when absent): at two hours into
 * every past shift a forecast from what was known then, against what came and against the last ten like shifts. Spread is over plants.
 * Once blind for the plan, and once with the sequence of orders known that the plant will really make: what a perfect plan is worth.
 */
export async function bench(report: Report): Promise<void> {
  const named = process.argv.find((argument) => argument.startsWith("--plants="));
  const plants = named === undefined ? [3, 4, 5, 6, 7, 8] : named.slice(9).split(",").map(Number);
  const plant = await openFittedPlant();
  const pool = openSimulations(availableParallelism());
  const scores = new Map<string, Record<"bias" | "coverage90" | "skill", number[]>>();
  try {
    for (const seed of plants) {
      const origins = new Map<Instant, Known>();
      const wanted = new Set(shifts.map(({ start }) => start + 2 * HOUR));
      const engine = plant.past(seed, { onPiece: (at) => keep(at, wanted, origins, plant.line) });
      const made = runsOf(engine, plant.line);
      const forecasts = new Map<string, ScoredForecast[]>();
      for (const origin of backtestOrigins(engine)) {
        const known = origins.get(origin.instant)!;
        for (const [plan, model] of [
          ["plan not known", known.model],
          ["plan known", withPlan(known, made, origin.instant)],
        ] as const) {
          const ensembles = await forecastOf(pool, model, origin);
          for (const horizon of horizons) {
            const realised = origin.realised[horizon];
            const ensemble = ensembles[horizon];
            if (realised === undefined || !ensemble) continue;
            const name = `${horizon}, ${plan}`;
            const list = forecasts.get(name) ?? [];
            forecasts.set(name, list);
            list.push({ ensemble, realised, reference: (origin.reference[horizon] ?? []).slice(-10) });
          }
        }
      }
      for (const [name, list] of forecasts) {
        const own = scoreForecasts(list);
        const row = scores.get(name) ?? { bias: [], coverage90: [], skill: [] };
        scores.set(name, row);
        for (const what of ["bias", "coverage90", "skill"] as const) row[what].push(own[what]);
      }
    }
  } finally {
    await pool.close();
    await plant.close();
  }
  for (const [name, row] of scores) {
    reportMedian(report, "forecast", `bias, ${name}`, "parts", row.bias);
    reportMedian(report, "forecast", `90 % interval held, ${name}`, "share", row.coverage90);
    reportMedian(report, "forecast", `skill, ${name}`, "ratio", row.skill);
  }
  for (const horizon of horizons) {
    const [blind, known] = ["plan not known", "plan known"].map((plan) => scores.get(`${horizon}, ${plan}`)!.skill);
    reportMedian(
      report,
      "forecast",
      `skill that the plan adds, ${horizon}`,
      "ratio",
      known!.map((skill, i) => skill - blind![i]!),
    );
  }
}

interface Known {
  readonly model: ExperimentModel;
  /** Runs of one product that were through. */
  readonly runs: number;
}

const runsOf = (engine: LineEngine, line: LineOfShells, before?: Instant) => {
  const source = line.lineModel.stations.find((station) => station.source?.program);
  return engine.observations(before).find(({ station }) => station === source?.id)?.runs ?? [];
};

/** The run under way in full, then those that followed, as orders one after the other. */
function withPlan({ model, runs }: Known, made: ReturnType<typeof runsOf>, now: Instant): ExperimentModel {
  const planned = made.slice(runs).map(({ product, n }, i) => ({ product, quantity: n, start: now + i, end: now + i }));
  const { program } = model.nominal;
  if (program?.kind !== "batches") return model;
  const nominal = { ...model.nominal, program: { ...program, planned } };
  return { ...model, nominal, edited: nominal };
}

/** The model of a forecast is made when the past has grown to its origin: what came after it is not there yet. */
function keep(engine: LineEngine, wanted: ReadonlySet<Instant>, origins: Map<Instant, Known>, line: LineOfShells): void {
  const instant = engine.now() + 1;
  if (!wanted.has(instant)) return;
  const { nominal, parameters } = observedModel(line, observedBefore(engine, instant));
  const model = { nominal, edited: nominal, parameters, initialState: line.described.initialState(engine.estimate(), nominal) };
  origins.set(instant, { model, runs: runsOf(engine, line, instant).length });
}
