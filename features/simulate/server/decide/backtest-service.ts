import type { Backtest } from "@doppelwerk/client";
import type { BacktestOrigin, LineModels } from "@doppelwerk/ports";
import { predictionQuantile, sampleQuantile, scoreForecasts } from "@doppelwerk/sim";
import type { ExperimentModel, Outcome, ScoredForecast } from "@doppelwerk/sim";
import { DoppelwerkError, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant, RecordId } from "@doppelwerk/world";
import { message } from "@doppelwerk/messages";
import type {} from "../../message-codes.ts";
import type { FeatureLog } from "@doppelwerk/kit/server";
import type { EnsembleCache, Ensembles } from "./ensemble-cache.ts";
import type { Simulations } from "./simulations.ts";

export interface BacktestOptions {
  readonly line: Pick<LineModels, "lines" | "backtestOrigins" | "backtestModel">;
  readonly pool: Simulations;
  readonly logger: FeatureLog;
  readonly cache: EnsembleCache;
  /** Of the code: forecasts of another version are made again. */
  readonly codeVersion: string;
  /** All origins are scored. */
  onDone?(): void;
}

const NO_LINE = "";
const NOT_YET: Backtest = { state: "running", done: 0, total: 0, horizons: [], points: [] };
const REPLICATIONS = 40;
const OUTPUT_STEP_S = 300;
/** Like periods whose mean is the forecast to beat. */
const REFERENCE_PERIODS = 10;

type Horizon = "1 h" | "this shift" | "next shift";
export const horizons: readonly Horizon[] = ["1 h", "this shift", "next shift"];

/**
 * P4: at origins in every past shift a forecast is made from what was known then (documents, fits and line state as of the origin), and
 * scored against what came. Runs behind everything a person waits for.
 */
export class BacktestService {
  readonly #options: BacktestOptions;
  /** By line, in their order. */
  readonly #results = new Map<RecordId, Backtest>();
  #running = false;
  #again = false;

  constructor(options: BacktestOptions) {
    this.#options = options;
  }

  /** Of a line; without one of the first. Errors: DW_NOT_FOUND of one that is not there. */
  async result(line?: RecordId): Promise<Backtest> {
    const lines = await this.#options.line.lines();
    if (line !== undefined && !lines.includes(line))
      throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.noLine", { line: line.slice(0, 200) }));
    return this.#results.get(line ?? lines[0] ?? NO_LINE) ?? NOT_YET;
  }

  /** Starts over, or after the present one has ended. */
  start(): void {
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    void this.#run()
      .catch((error: unknown) => {
        // a stop of the server cancels what is being simulated
        if (!(error instanceof DoppelwerkError && error.code === "DW_CANCELLED"))
          this.#options.logger.warn({ err: error }, "the backtest ended early");
      })
      .finally(() => {
        this.#running = false;
        if (!this.#again) return;
        this.#again = false;
        this.start();
      });
  }

  async #run(): Promise<void> {
    const known = await this.#options.line.lines();
    // without a line there is nothing to score, which is an answer too
    const lines = known.length === 0 ? [NO_LINE] : known;
    for (const gone of [...this.#results.keys()].filter((line) => !lines.includes(line))) this.#results.delete(gone);
    const keys: string[] = [];
    // the first has no name in the keys: its forecasts were kept before there were several
    for (const [at, line] of lines.entries()) {
      const own = await this.#score(line, at === 0 ? "" : line);
      if (own === undefined) return;
      keys.push(...own);
    }
    this.#options.cache.save(keys);
    this.#options.onDone?.();
  }

  /** Keys of the forecasts that a line was scored with; undefined where it starts over. */
  async #score(line: RecordId, name: string): Promise<readonly string[] | undefined> {
    const origins = await this.#options.line.backtestOrigins(line === NO_LINE ? undefined : line);
    const before = this.#results.get(line) ?? NOT_YET;
    const points: (Backtest["points"][number] & { readonly reference: readonly number[]; readonly ensemble: readonly number[] })[] = [];
    for (const [done, origin] of origins.entries()) {
      if (this.#again) return undefined;
      this.#results.set(line, { ...before, state: "running", done, total: origins.length });
      const key = this.#keyOf(origin, name);
      const ensembles =
        this.#options.cache.get(key) ??
        (await forecastOf(this.#options.pool, await this.#options.line.backtestModel(origin, line), origin));
      this.#options.cache.put(key, ensembles);
      for (const horizon of horizons) {
        const realised = origin.realised[horizon];
        const ensemble = ensembles[horizon];
        if (realised === undefined || !ensemble) continue;
        points.push({
          origin: origin.instant,
          horizon,
          low: predictionQuantile(ensemble, 0.05),
          mid: sampleQuantile(ensemble, 0.5),
          high: predictionQuantile(ensemble, 0.95),
          realised,
          reference: origin.reference[horizon] ?? [],
          ensemble,
        });
      }
    }
    this.#results.set(line, {
      state: "done",
      done: origins.length,
      total: origins.length,
      horizons: horizons.map((horizon) => scored(horizon, points)),
      points: points.map(({ reference: _reference, ensemble: _ensemble, ...point }) => point),
    });
    return origins.map((origin) => this.#keyOf(origin, name));
  }

  /** What a forecast depends on: late data that changes a shift, or another code, makes it again. */
  #keyOf(origin: BacktestOrigin, line: string): string {
    return [
      ...(line === "" ? [] : [line]),
      this.#options.codeVersion,
      REPLICATIONS,
      origin.instant,
      origin.nextShift?.end ?? 0,
      JSON.stringify(origin.realised),
      JSON.stringify(origin.reference),
    ].join(" ");
  }
}

/** Good parts within each horizon, one value a replication. */
export async function forecastOf(pool: Simulations, model: ExperimentModel, origin: BacktestOrigin): Promise<Ensembles> {
  const end = origin.nextShift?.end ?? origin.shift.end;
  const horizonS = (end - origin.instant) / SECOND;
  const tasks = Array.from({ length: REPLICATIONS }, (_, replication) => ({
    model: 0,
    options: {
      kind: "forecast" as const,
      seed: seedOf(origin),
      replication,
      start: origin.instant,
      horizonS,
      warmUpS: 0,
      drawParameters: true,
      outputStepS: OUTPUT_STEP_S,
    },
  }));
  const outcomes = await pool.run({ models: [model], tasks, priority: 1 });
  const until = (instant: Instant) => outcomes.map((outcome) => cumulativeAt(outcome, (instant - origin.instant) / SECOND));
  const thisShift = until(origin.shift.end);
  return {
    ...(origin.instant + HOUR <= origin.shift.end ? { "1 h": until(origin.instant + HOUR) } : {}),
    "this shift": thisShift,
    ...(origin.nextShift
      ? { "next shift": ((before) => until(origin.nextShift!.end).map((total, i) => total - before[i]!))(until(origin.nextShift.start)) }
      : {}),
  };
}

/** Every origin draws its own luck: with one seed for all of them the same few lucky replications would bias every forecast alike. */
function seedOf(origin: BacktestOrigin): number {
  return Math.floor(origin.instant / (15 * MINUTE)) % 2 ** 31;
}

function cumulativeAt(outcome: Outcome, offsetS: number): number {
  const { cumulative, stepS } = outcome.output;
  const step = Math.round(offsetS / stepS) - 1;
  return step < 0 ? 0 : (cumulative[Math.min(step, cumulative.length - 1)] ?? 0);
}

function scored(
  horizon: Horizon,
  points: readonly {
    readonly horizon: string;
    readonly ensemble: readonly number[];
    readonly realised: number;
    readonly reference: readonly number[];
  }[],
): Backtest["horizons"][number] {
  const own: ScoredForecast[] = points
    .filter((point) => point.horizon === horizon)
    .map(({ ensemble, realised, reference }) => ({ ensemble, realised, reference: reference.slice(-REFERENCE_PERIODS) }));
  return { horizon, ...scoreForecasts(own), unit: "parts" };
}
