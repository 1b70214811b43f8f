import { availableParallelism } from "node:os";
import type { LineEngine } from "@doppelwerk/operations";
import { lineStateOf } from "@doppelwerk/pack-discrete-line";
import { scoreForecasts } from "@doppelwerk/sim";
import type { ExperimentModel, ScoredForecast } from "@doppelwerk/sim";
import { HOUR } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { openFittedPlant, shifts } from "../e2e/fitted-plant.ts";
import { forecastOf, horizons } from "../packages/server/src/decide/backtest-service.ts";
import { SimulationPool } from "../packages/server/src/decide/simulation-pool.ts";
import { backtestOrigins } from "../packages/server/src/line/backtest-origin.ts";
import { observedBefore, observedModel } from "../packages/server/src/line/experiment-builder.ts";
import { reportMedian, type Report } from "./report.ts";

/**
 * P4: the backtest that a server makes of its own forecasts, on demo plants of different seeds (`--plants=3,4`; six when absent): at two hours into
 * every past shift a forecast from what was known then, against what came and against the last ten like shifts. Spread is over plants.
 */
export async function bench(report: Report): Promise<void> {
  const named = process.argv.find((argument) => argument.startsWith("--plants="));
  const plants = named === undefined ? [3, 4, 5, 6, 7, 8] : named.slice(9).split(",").map(Number);
  const plant = await openFittedPlant();
  const pool = new SimulationPool(availableParallelism());
  const scores = new Map<string, Record<"bias" | "coverage90" | "skill", number[]>>();
  try {
    for (const seed of plants) {
      const models = new Map<Instant, ExperimentModel>();
      const wanted = new Set(shifts.map(({ start }) => start + 2 * HOUR));
      const engine = plant.past(seed, { onPiece: (at) => keep(at, wanted, models, plant.line) });
      const forecasts = new Map<string, ScoredForecast[]>(horizons.map((horizon) => [horizon, []]));
      for (const origin of backtestOrigins(engine)) {
        const ensembles = await forecastOf(pool, models.get(origin.instant)!, origin);
        for (const horizon of horizons) {
          const realised = origin.realised[horizon];
          const ensemble = ensembles[horizon];
          if (realised !== undefined && ensemble)
            forecasts.get(horizon)!.push({ ensemble, realised, reference: (origin.reference[horizon] ?? []).slice(-10) });
        }
      }
      for (const horizon of horizons) {
        const own = scoreForecasts(forecasts.get(horizon)!);
        const row = scores.get(horizon) ?? { bias: [], coverage90: [], skill: [] };
        scores.set(horizon, row);
        for (const what of ["bias", "coverage90", "skill"] as const) row[what].push(own[what]);
      }
    }
  } finally {
    await pool.close();
    await plant.close();
  }
  for (const [horizon, row] of scores) {
    reportMedian(report, "forecast", `bias, ${horizon}`, "parts", row.bias);
    reportMedian(report, "forecast", `90 % interval held, ${horizon}`, "share", row.coverage90);
    reportMedian(report, "forecast", `skill, ${horizon}`, "ratio", row.skill);
  }
}

/** The model of a forecast is made when the past has grown to its origin: what came after it is not there yet. */
function keep(
  engine: LineEngine,
  wanted: ReadonlySet<Instant>,
  models: Map<Instant, ExperimentModel>,
  line: Parameters<typeof observedModel>[0],
): void {
  const instant = engine.now() + 1;
  if (!wanted.has(instant)) return;
  const { nominal, parameters } = observedModel(line, observedBefore(engine, instant));
  models.set(instant, { nominal, edited: nominal, parameters, initialState: lineStateOf(engine.estimate(), nominal) });
}
