import type { FeatureLog } from "@doppelwerk/kit/server";
import { message } from "@doppelwerk/messages";
import type { LineModels, ShiftForecast, ShiftForecastMade } from "@doppelwerk/ports";
import { predictionQuantile, sampleQuantile } from "@doppelwerk/sim";
import { DoppelwerkError, MINUTE, reasonOf, SECOND, type Instant, type Json, type RecordId } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { hashOfJson } from "./result-body.ts";
import type { Simulations } from "./simulations.ts";

export interface ShiftForecastsOptions {
  readonly line: Pick<LineModels, "backtestModel" | "closedShifts" | "isHistoryRead">;
  readonly pool: Simulations;
  readonly logger: FeatureLog;
  readonly codeVersion: string;
  now(): Instant;
}

interface Shift {
  readonly from: Instant;
  readonly to: Instant;
}

/** What is known of a line: of one shift, the running one. */
interface Kept {
  readonly shift: Shift;
  made?: ShiftForecastMade;
  why?: ShiftForecast["why"];
  /** When the last attempt began, and which stops it knew. */
  triedAt?: Instant;
  stops?: string;
  isBeingMade: boolean;
}

const REPLICATIONS = 60;
const OUTPUT_STEP_S = 300;
/** As that of the backtest: behind what a person waits for. */
const PRIORITY = 1;
/** A forecast is made again after this long, and sooner where a stop began or ended; one that could not be made sooner still, as its reason may pass. */
const [EVERY, AFTER_STOP, AGAIN] = [5 * MINUTE, MINUTE, MINUTE / 2];
/** So near the end of a shift there is nothing to forecast. */
const LAST = MINUTE;

/**
 * Forecasts of the running shift of lines, from what was known when each began. Nothing is made unless somebody asks, of a line one every five minutes and at
 * most one a minute while its stops change, of all lines one at a time.
 */
export class ShiftForecasts {
  readonly #options: ShiftForecastsOptions;
  readonly #kept = new Map<RecordId, Kept>();
  #queue: Promise<void> = Promise.resolve();

  constructor(options: ShiftForecastsOptions) {
    this.#options = options;
  }

  /** @param stops the stations that stand now, in a word that is another when one begins or ends to */
  of(line: RecordId, shift: Shift, stops = ""): ShiftForecast {
    const now = this.#options.now();
    let kept = this.#kept.get(line);
    if (kept?.shift.from !== shift.from || kept.shift.to !== shift.to) this.#kept.set(line, (kept = { shift, isBeingMade: false }));
    if (!kept.isBeingMade && isDue(kept, now, stops)) this.#begin(line, kept, now, stops);
    const { made, why, isBeingMade } = kept;
    return {
      ...(made && { made }),
      isComing: made === undefined && why === undefined && isBeingMade,
      ...(made === undefined && why && { why }),
    };
  }

  /** Resolves when everything that was begun has ended. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  #begin(line: RecordId, kept: Kept, now: Instant, stops: string): void {
    kept.isBeingMade = true;
    kept.triedAt = now;
    kept.stops = stops;
    this.#queue = this.#queue.then(async () => {
      try {
        // another shift may have begun, of which the next question tells
        if (this.#kept.get(line) === kept) await this.#make(line, kept);
      } catch (error) {
        kept.why = message("simulate.shiftForecast.failed", { reason: reasonOf(error) });
        // a stop of the server cancels what is being simulated
        if (!(error instanceof DoppelwerkError)) this.#options.logger.warn({ err: error, line }, "the shift cannot be forecast");
      } finally {
        kept.isBeingMade = false;
      }
    });
  }

  async #make(line: RecordId, kept: Kept): Promise<void> {
    const { line: models, pool, codeVersion } = this.#options;
    if (!(await models.isHistoryRead())) {
      kept.why = message("simulate.shiftForecast.reading");
      return;
    }
    if ((await models.closedShifts(line)).length === 0) {
      kept.why = message("simulate.shiftForecast.noShift");
      return;
    }
    const at = this.#options.now();
    const { from, to } = kept.shift;
    if (to - at < LAST) return;
    const model = await models.backtestModel(
      { instant: at, shift: { start: from, end: to }, nextShift: undefined, realised: {}, reference: {} },
      line,
    );
    const seed = Math.floor(at / SECOND) % 2 ** 31;
    const options = {
      kind: "forecast" as const,
      seed,
      start: at,
      horizonS: (to - at) / SECOND,
      warmUpS: 0,
      drawParameters: true,
      outputStepS: OUTPUT_STEP_S,
    };
    const tasks = Array.from({ length: REPLICATIONS }, (_, replication) => ({ model: 0, options: { ...options, replication } }));
    const outcomes = await pool.run({ models: [model], tasks, priority: PRIORITY });
    const added = outcomes.map(({ good }) => good).toSorted((a, b) => a - b);
    kept.made = {
      at,
      seed,
      added,
      median: sampleQuantile(added, 0.5),
      low: predictionQuantile(added, 0.025),
      high: predictionQuantile(added, 0.975),
      model: { hash: hashOfJson(model as unknown as Json), code: codeVersion },
    };
    delete kept.why;
  }
}

function isDue({ made, triedAt, shift, stops: known }: Kept, now: Instant, stops: string): boolean {
  if (shift.to - now < LAST) return false;
  const after = made === undefined ? AGAIN : known === stops ? EVERY : AFTER_STOP;
  return triedAt === undefined || now - triedAt >= after;
}
