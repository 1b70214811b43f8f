import type { LineModel, StationModel, StopModel } from "../line/line-model.ts";
import { downtimes } from "./fit-line.ts";
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
  const goesOn = repairGoesOn(observations);
  const how = { ...(repairedBy ? { repairedBy } : {}), ...(goesOn ? { repairAlways: true } : {}) };
  return {
    ...model,
    stations: model.stations.map((station) => {
      const seen = observed.get(station.id);
      const repaired = goesOn ? withRepairAtRest(station) : station;
      return seen ? withSeenStops(withSeenRoom(repaired, seen), seen, how) : repaired;
    }),
  };
}

function withSeenStops(
  station: StationModel,
  seen: StationObservations,
  how: Pick<StopModel, "repairedBy" | "repairAlways">,
): StationModel {
  const added = seen.stops.flatMap((observed): StopModel[] => {
    const { stop, betweenS, censoredS } = observed;
    if (betweenS.length < SEEN_MIN || station.stops?.some(({ id }) => id === stop)) return [];
    const isFailure = stop === "failure";
    const exposure = [...betweenS, ...censoredS].reduce((sum, value) => sum + value, 0);
    const own = isFailure ? how : {};
    const lengths = downtimes(own, observed);
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
        ...own,
      },
    ];
  });
  return added.length === 0 ? station : { ...station, stops: [...(station.stops ?? []), ...added] };
}

/** Whether technicians work through breaks and nights: a machine that stood when a rest began and runs after it was repaired in it. */
function repairGoesOn({ stations }: LineObservations): boolean {
  const ended = stations.reduce((sum, { rests }) => sum + (rests?.ended ?? 0), 0);
  const stood = stations.reduce((sum, { rests }) => sum + (rests?.stood ?? 0), 0);
  return ended >= SEEN_MIN && ended > stood / 4;
}

function withRepairAtRest(station: StationModel): StationModel {
  if (!station.stops) return station;
  return { ...station, stops: station.stops.map((stop) => (stop.class === "failure" ? { ...stop, repairAlways: true } : stop)) };
}

function withSeenRoom(station: StationModel, { mostComponents }: StationObservations): StationModel {
  if (!station.assembly || mostComponents === undefined || mostComponents <= 0) return station;
  return { ...station, assembly: { ...station.assembly, buffer: { ...station.assembly.buffer, capacity: mostComponents } } };
}
