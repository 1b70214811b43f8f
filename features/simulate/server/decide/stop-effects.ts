import { message, type Message } from "@doppelwerk/messages";
import type { AskedStop, LineModels, StopEffects, StopEffectValue } from "@doppelwerk/ports";
import { predictionQuantile, type ExperimentModel, type LineModel } from "@doppelwerk/sim";
import { DoppelwerkError, SECOND, type Json } from "@doppelwerk/world";
import type {} from "../../message-codes.ts";
import { hashOfJson } from "./result-body.ts";
import type { Simulations } from "./simulations.ts";

export interface StopEffectsOptions {
  readonly line: Pick<LineModels, "backtestModel" | "isHistoryRead">;
  readonly pool: Simulations;
  readonly codeVersion: string;
}

const REPLICATIONS = 60;
const OUTPUT_STEP_S = 300;
/** Those that wait; a person waits for each. */
const MAX_WAITING = 20;
const MAX_KEPT = 200;

/** What stops cost: the past from a second before each, with it and without. One at a time; the same question has the same answer as long as its model is the same. */
export class StopEffectsService implements StopEffects {
  readonly #options: StopEffectsOptions;
  readonly #kept = new Map<string, StopEffectValue>();
  #waiting = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: StopEffectsOptions) {
    this.#options = options;
  }

  async of(asked: AskedStop): Promise<StopEffectValue | { readonly why: Message }> {
    if (this.#waiting >= MAX_WAITING)
      throw new DoppelwerkError("DW_QUEUE_FULL", message("simulate.stopEffect.queue", { max: MAX_WAITING }));
    this.#waiting++;
    const made = this.#queue.then(() => this.#make(asked));
    this.#queue = Promise.allSettled([made]);
    try {
      return await made;
    } finally {
      this.#waiting--;
    }
  }

  async #make({ line, station, from, to, shift }: AskedStop): Promise<StopEffectValue | { readonly why: Message }> {
    const { line: models, pool, codeVersion } = this.#options;
    if (!(await models.isHistoryRead())) return { why: message("simulate.stopEffect.reading") };
    const at = from - SECOND;
    if (shift.to - at < SECOND) return { why: message("simulate.stopEffect.noTime") };
    const model = await models.backtestModel(
      { instant: at, shift: { start: shift.from, end: shift.to }, nextShift: undefined, realised: {}, reference: {} },
      line,
    );
    const sides = withAndWithout(model, station, (Math.min(to, shift.to) - from) / SECOND);
    if (sides === undefined) return { why: message("simulate.stopEffect.noStation", { station }) };
    const { without, stopped } = sides;
    const hash = hashOfJson([without, stopped] as unknown as Json);
    const known = this.#kept.get(`${hash} ${shift.to}`);
    if (known !== undefined) return known;
    const seed = Math.floor(from / SECOND) % 2 ** 31;
    const options = {
      kind: "forecast" as const,
      seed,
      start: at,
      horizonS: (shift.to - at) / SECOND,
      warmUpS: 0,
      drawParameters: true,
      outputStepS: OUTPUT_STEP_S,
    };
    const tasks = [0, 1].flatMap((model) =>
      Array.from({ length: REPLICATIONS }, (_, replication) => ({ model, options: { ...options, replication } })),
    );
    const good = (await pool.run({ models: [without, stopped], tasks, priority: 0 })).map((outcome) => outcome.good);
    const [free, held] = [good.slice(0, REPLICATIONS), good.slice(REPLICATIONS)];
    const effect: StopEffectValue = {
      at,
      until: shift.to,
      replications: REPLICATIONS,
      seed,
      gained: spreadOf(free.map((units, n) => units - held[n]!)),
      without: spreadOf(free),
      with: spreadOf(held),
      model: { hash, code: codeVersion },
    };
    this.#kept.set(`${hash} ${shift.to}`, effect);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return effect;
  }
}

/** A stop that nothing but the question begins. */
const ASKED = "asked";
/** Seconds: it never comes by itself. */
const NEVER = 1e9;

/**
 * The same line twice, with a station that is stopped from the beginning on for so long, and without. Both know the stop, so that they draw the same numbers.
 * Undefined where the model has no such station, or nothing is known of the line at the instant.
 */
export function withAndWithout(
  model: ExperimentModel,
  station: string,
  seconds: number,
): { readonly without: ExperimentModel; readonly stopped: ExperimentModel } | undefined {
  const state = model.initialState;
  if (state === undefined || !model.nominal.stations.some(({ id }) => id === station)) return undefined;
  const knowing = (line: LineModel): LineModel => ({
    ...line,
    stations: line.stations.map((own) => (own.id === station ? { ...own, stops: [...(own.stops ?? []), ASKED_STOP] } : own)),
  });
  const nominal = knowing(model.nominal);
  const edited = model.edited === model.nominal ? nominal : knowing(model.edited);
  const without = { ...model, nominal, edited };
  const { places = [] } = state;
  const known = places.find((each) => each.station === station && each.place === 0) ?? { station, place: 0 };
  const stop = { id: ASKED, phase: "repair" as const, elapsedS: 0, remainingS: seconds };
  const others = places.filter((each) => each !== known);
  return { without, stopped: { ...without, initialState: { ...state, places: [...others, { ...known, stop }] } } };
}

const ASKED_STOP = {
  id: ASKED,
  class: "failure" as const,
  clock: "calendar" as const,
  between: { kind: "constant" as const, value: NEVER },
  duration: { kind: "constant" as const, value: 1 },
  scope: "station" as const,
  repairAlways: true,
};

function spreadOf(values: readonly number[]): StopEffectValue["gained"] {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    low: predictionQuantile(sorted, 0.025),
    high: predictionQuantile(sorted, 0.975),
  };
}
