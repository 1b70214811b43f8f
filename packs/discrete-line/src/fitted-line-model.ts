import { applyParameters, transferEdits } from "@doppelwerk/kit";
import type { LineModel, LineObservations, Parameter, StationObservations } from "@doppelwerk/kit";
import { nominalLineModel, type NominalOptions } from "./nominal-line-model.ts";
import type { Plant } from "./plant.ts";

/** The model corrected by history: best estimates, or one draw of their posterior for a replication (P2). */
export function applyFits(
  model: LineModel,
  fits: readonly Parameter[],
  draw?: { readonly seed: number; readonly replication: number },
): LineModel {
  return applyParameters(model, fits, draw);
}

/**
 * The model of a branch: the live plant corrected by history, then the edits of the branch on top. An edited time or rate acts as the ratio
 * to its as-is value, because history has corrected its level but not the change; numbers of places, slots, carriers and people are taken as they are.
 */
export function branchLineModel(
  live: Plant,
  branch: Plant,
  fits: readonly Parameter[],
  options: NominalOptions & { readonly draw?: { readonly seed: number; readonly replication: number } } = {},
): LineModel {
  const before = nominalLineModel(live, options);
  const after = nominalLineModel(branch, options);
  return transferEdits(before, after, applyFits(before, fits, options.draw));
}

/** What operations observed, in the form that a fit takes. */
export function lineObservations(stations: readonly StationObservations[]): LineObservations {
  return {
    stations: stations.map(({ station, cycles, stops, setUps, tries, scrapped, runs, travel, rests, mostComponents }) => ({
      station,
      cycles: cycles.map(({ product, valuesS }) => ({ product, valuesS })),
      stops: stops.map(({ stop, betweenS, censoredS, durationsS, repairsS, wholeRepairsS }) => ({
        stop,
        betweenS,
        censoredS,
        durationsS,
        repairsS,
        wholeRepairsS,
      })),
      setUps: setUps.map(({ attribute, valuesS }) => ({ attribute, valuesS })),
      tries,
      scrapped,
      runs,
      travel,
      rests,
      ...(mostComponents === undefined ? {} : { mostComponents }),
    })),
  };
}
