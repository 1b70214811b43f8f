import type { LineEstimate, LineModel, LineState, PartCondition, PlaceCondition } from "@doppelwerk/kit";
import { FAILURE, MICRO_STOP } from "./nominal-line-model.ts";

type Place = LineEstimate["places"][number];
type Part = LineEstimate["buffers"][number]["parts"][number];

/** P15: what a forecast starts from, in the words of the simulation. Remaining times are drawn by each replication from what has elapsed. */
export function lineStateOf(estimate: LineEstimate, model: LineModel): LineState {
  const serials = new Map<string, number>();
  const serial = (name: string) => {
    const known = serials.get(name);
    if (known !== undefined) return known;
    serials.set(name, serials.size + 1);
    return serials.size;
  };
  const products = new Set(model.products.map((product) => product.id));
  const components = componentStations(model);
  return {
    instant: estimate.instant,
    places: estimate.places
      .filter((place) => place.place < (stationOf(model, place.station)?.places ?? 0))
      .map((place) => placeCondition(place, estimate, model, { serial, products, components })),
    buffers: estimate.buffers.flatMap(({ station, parts }) => {
      const main = parts.filter((part) => !part.component || components.has(station));
      const joined = parts.filter((part) => part.component && !components.has(station));
      const condition = (part: Part) => ({
        ...partCondition(part, part.at.station, components, products, serial),
        ...(part.arrivesInS === undefined ? {} : { arrivesInS: part.arrivesInS }),
      });
      return [
        ...(main.length > 0 ? [{ station, input: "main" as const, parts: main.map(condition) }] : []),
        ...(joined.length > 0
          ? [{ station, input: "assembly" as const, parts: joined.map((part) => ({ ...condition(part), product: undefined })) }]
          : []),
      ];
    }),
    ...(estimate.product !== undefined && products.has(estimate.product)
      ? { program: { product: estimate.product, ...(estimate.released ? { released: estimate.released } : {}) } }
      : {}),
  };
}

interface Naming {
  readonly serial: (name: string) => number;
  readonly products: ReadonlySet<string>;
  readonly components: ReadonlySet<string>;
}

function placeCondition(place: Place, estimate: LineEstimate, model: LineModel, naming: Naming): PlaceCondition {
  const stops = stationOf(model, place.station)?.stops ?? [];
  const clock = estimate.sinceStop.find(
    (entry) => entry.station === place.station && (entry.place === undefined || entry.place === place.place),
  );
  const sinceStop: Record<string, number> = {};
  for (const stop of stops) if (clock) sinceStop[stop.id] = stop.id === FAILURE ? clock.failureS : clock.microStopS;
  const stopped =
    place.state === "failed" || place.state === "maintenance" ? FAILURE : place.state === "microStop" ? MICRO_STOP : undefined;
  const stop = stops.find((candidate) => candidate.id === stopped);
  const phase = place.state === "blocked" ? ("blocked" as const) : place.state === "setUp" ? ("setUp" as const) : ("work" as const);
  return {
    station: place.station,
    place: place.place,
    ...(place.serial === undefined
      ? {}
      : {
          part: partCondition({ ...place, serial: place.serial }, place.station, naming.components, naming.products, naming.serial),
          phase,
        }),
    // The time a part has been there; a stop inside it is not working time.
    ...(place.elapsedS === undefined
      ? {}
      : { elapsedS: Math.max(0, stop ? place.elapsedS - place.stateS : phase === "setUp" ? place.stateS : place.elapsedS) }),
    ...(stop ? { stop: { id: stop.id, phase: "repair" as const, elapsedS: place.stateS } } : {}),
    ...(Object.keys(sinceStop).length > 0 ? { sinceStop } : {}),
  };
}

function partCondition(
  part: {
    readonly serial: string;
    readonly product?: string;
    readonly enteredAt?: number;
    readonly tries: number;
    readonly reworked: boolean;
  },
  station: string,
  components: ReadonlySet<string>,
  products: ReadonlySet<string>,
  serial: (name: string) => number,
): PartCondition {
  const known = part.product !== undefined && products.has(part.product) && !components.has(station);
  return {
    serial: serial(part.serial),
    ...(known ? { product: part.product } : {}),
    ...(part.enteredAt === undefined ? {} : { enteredAt: part.enteredAt }),
    ...(part.reworked ? { rejects: Math.max(1, part.tries - 1) } : {}),
    ...(part.tries > 0 ? { triesByStation: { [station]: part.tries } } : {}),
  };
}

const stationOf = (model: LineModel, id: string) => model.stations.find((station) => station.id === id);

/** Stations whose parts carry no product: everything upstream of an assembly input. */
function componentStations(model: LineModel): ReadonlySet<string> {
  const components = new Set(model.stations.filter((station) => station.next?.input === "assembly").map((station) => station.id));
  for (let grew = true; grew;) {
    grew = false;
    for (const station of model.stations) {
      if (!station.next || station.next.input === "assembly" || !components.has(station.next.station) || components.has(station.id))
        continue;
      components.add(station.id);
      grew = true;
    }
  }
  return components;
}
