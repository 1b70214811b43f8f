import type { PlantView } from "@doppelwerk/kit/server";
import { originsOfMask, SECOND, type Instant, type Origin, type SignalRecord } from "@doppelwerk/world";
import type { Pairs } from "../contract.ts";
import { regressionOf } from "../model/regression.ts";
import { heldMeans, numericSignal, type Stretch } from "./signal-reading.ts";

interface Question extends Stretch {
  readonly x: string;
  readonly y: string;
  readonly points: number;
  readonly lagS: number;
}

/** Time-weighted means of both on one grid, which ends now; y so much later than x. */
export async function pairsOf(view: PlantView, { x, y, from, to, points, lagS }: Question, now: Instant): Promise<Pairs> {
  const [ofX, ofY] = [numericSignal(view, x), numericSignal(view, y)];
  const lag = Math.round(lagS * SECOND);
  const end = Math.max(from + points, Math.min(to, now, now - lag));
  const read = async (signal: SignalRecord, back: number) => {
    return { ...(await heldMeans(view, signal, { from: from + back, to: end + back }, points)), signal };
  };
  const [a, b] = [await read(ofX, 0), await read(ofY, lag)];
  const fit = regressionOf(a.mean, b.mean);
  const origins = new Set<Origin>([a, b].flatMap((each) => [...originsOfMask(maskOf(each.origins), view.originOf(each.signal))]));
  return {
    x: { ...named(ofX), values: numbers(a.mean) },
    y: { ...named(ofY), values: numbers(b.mean) },
    from: a.from,
    width: a.width,
    ...(fit && { fit }),
    origins: [...origins],
  };
}

function maskOf(origins: Uint8Array): number {
  return origins.reduce((mask, each) => mask | each, 0);
}

function named({ id, name, unit }: SignalRecord) {
  return { signal: id, name, ...(unit !== undefined && { unit }) };
}

export function numbers(values: Float64Array): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}
