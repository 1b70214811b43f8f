import type { LineModel, StationModel, StopModel } from "../line/line-model.ts";
import type { LineObservations, StationObservations } from "./observation.ts";

/** Stops of a class that were seen at least so often are in the model, whatever engineering wrote down. */
const SEEN_MIN = 2;

/**
 * The engineering model with what the plant has shown and engineering left out: stops of a class the file knows nothing of, and room for
 * the second part of an assembly. Its figures are those observed; a fit then says how sure they are.
 */
export function withObserved(model: LineModel, observations: LineObservations): LineModel {
  const observed = new Map(observations.stations.map((station) => [station.station, station]));
  const repairedBy = model.stations
    .flatMap(({ stops }) => stops ?? [])
    .find((stop) => stop.class === "failure" && stop.repairedBy)?.repairedBy;
  return {
    ...model,
    stations: model.stations.map((station) => {
      const seen = observed.get(station.id);
      return seen ? withSeenStops(withSeenRoom(station, seen), seen, repairedBy) : station;
    }),
  };
}

function withSeenStops(station: StationModel, seen: StationObservations, repairedBy: StopModel["repairedBy"]): StationModel {
  const added = seen.stops.flatMap(({ stop, betweenS, censoredS, durationsS, repairsS }): StopModel[] => {
    if (betweenS.length < SEEN_MIN || station.stops?.some(({ id }) => id === stop)) return [];
    const isFailure = stop === "failure";
    const exposure = [...betweenS, ...censoredS].reduce((sum, value) => sum + value, 0);
    const lengths = isFailure && repairedBy ? (repairsS ?? durationsS) : durationsS;
    const mean = lengths.reduce((sum, value) => sum + value, 0) / Math.max(1, lengths.length);
    if (!(exposure > 0) || !(mean > 0)) return [];
    return [
      {
        id: stop,
        class: isFailure ? "failure" : "microStop",
        clock: "operating",
        between: { kind: "exponential", mean: exposure / betweenS.length },
        duration: { kind: "gamma", mean, cv: 0.8 },
        scope: station.places > 1 ? "place" : "station",
        ...(isFailure && repairedBy ? { repairedBy } : {}),
      },
    ];
  });
  return added.length === 0 ? station : { ...station, stops: [...(station.stops ?? []), ...added] };
}

function withSeenRoom(station: StationModel, { mostComponents }: StationObservations): StationModel {
  if (!station.assembly || mostComponents === undefined || mostComponents <= 0) return station;
  return { ...station, assembly: { ...station.assembly, buffer: { ...station.assembly.buffer, capacity: mostComponents } } };
}
