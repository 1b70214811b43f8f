import type { PlantView } from "@doppelwerk/kit/server";
import type { Instant } from "@doppelwerk/world";
import type { Distribution } from "../contract.ts";
import { capabilityOf, FineBins, Moments, quantilesOf, shownBins, type Limits } from "../model/distribution.ts";
import { extentOf, numericSignal, takeSamples, type Stretch } from "./signal-reading.ts";

interface Question extends Stretch, Limits {
  readonly signal: string;
  readonly bins?: number | undefined;
}

/** Read twice: once for how far the values reach, once for how often they are where. Nothing is kept of single samples. */
export async function distributionOf(
  view: PlantView,
  { signal: id, from, to, bins: asked, ...limits }: Question,
  now: Instant,
): Promise<Distribution> {
  const signal = numericSignal(view, id);
  const period = { from, to: Math.max(from, Math.min(to, now)) };
  const { origins } = await extentOf(view, signal, period);
  const moments = new Moments();
  await takeSamples(view, signal, period, moments);
  const named = { signal: id, name: signal.name, ...(signal.unit !== undefined && { unit: signal.unit }), ...period };
  const { n, bad, knownS, unknownS, min, max, mean, sd, withinSd, timeMean, timeSd } = moments;
  const counted = { ...named, n, bad, knownS, unknownS, origins: [...origins] };
  if (n === 0 && knownS === 0) return counted;
  const bins = new FineBins(min, max, limits);
  await takeSamples(view, signal, period, bins);
  const quantiles = quantilesOf(bins);
  const capability = capabilityOf(moments, bins, limits);
  return {
    ...counted,
    min,
    max,
    ...known({ mean, sd, withinSd, timeMean, timeSd }),
    ...(quantiles && { quantiles }),
    bins: shownBins(bins, asked),
    ...(capability && { capability }),
  };
}

function known<Name extends string>(values: Readonly<Record<Name, number | undefined>>): Partial<Record<Name, number>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<Record<Name, number>>;
}
