import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import { samplesOf } from "@doppelwerk/storage/samples-file";
import { LIVE, quality, SECOND, type Instant } from "@doppelwerk/world";
import type { SpectrumAnswer } from "../contract.ts";
import { EvenGrid, usualInterval } from "../model/even-grid.ts";
import { lengthOf, spectrumOf, type WindowName } from "../model/spectrum.ts";
import type {} from "../message-codes.ts";
import { extentOf, numericSignal, type Stretch } from "./signal-reading.ts";

const MAX_GRID = 1_048_576;
/** Samples that the usual time between two is taken from. */
const LOOKED_AT = 10_000;
/** A time between two samples of more than so many usual ones is a gap. */
const GAP = 3;

interface Question extends Stretch {
  readonly signal: string;
  readonly window: WindowName;
  readonly stepS?: number | undefined;
}

export async function spectrumAnswer(
  view: PlantView,
  { signal: id, window, stepS, from, to }: Question,
  now: Instant,
): Promise<SpectrumAnswer> {
  const signal = numericSignal(view, id);
  const period = { from, to: Math.max(from, Math.min(to, now)) };
  const { count } = await extentOf(view, signal, period, MAX_GRID);
  const first = await view.history.raw({ branch: LIVE, signal: id }, period.from, period.to, LOOKED_AT);
  const usual = usualInterval(first.times);
  const named = { signal: id, name: signal.name, ...(signal.unit !== undefined && { unit: signal.unit }), ...period, window };
  const step = stepS === undefined ? usual : Math.round(stepS * SECOND);
  if (usual === undefined || step === undefined) return { ...named, samples: count, inGaps: 0, grid: 0 };
  const begin = Math.max(period.from, first.times[0]!);
  const points = Math.floor((period.to - begin) / step) + 1;
  if (points > MAX_GRID) throw new DoppelwerkError("DW_INVALID", message("trends.gridTooLong", { max: MAX_GRID, step: step / SECOND }));
  const grid = new EvenGrid(begin, step, points, GAP * Math.max(usual, step));
  for await (const { times, values, qualities } of samplesOf(view.history, [signal], period.from, period.to))
    for (let row = 0; row < times.length; row++) grid.sample(times[row]!, qualities[row] === quality.bad ? Number.NaN : values[row]!);
  const length = lengthOf(points);
  const spectrum = length === undefined ? undefined : spectrumOf(grid.values, step / SECOND, window, length);
  return { ...named, ...(spectrum && { spectrum }), samples: count, inGaps: grid.inGaps, grid: points, usualS: usual / SECOND };
}
