import type { Studio } from "@doppelwerk/kit/studio";

/** The station of the line shown that a signal belongs to. */
export function stationOfSignal(studio: Studio, signal: string): string | undefined {
  return studio.line
    .get()
    ?.stations.find(({ signals, processValues }) => processValues.includes(signal) || Object.values(signals).includes(signal))?.id;
}
