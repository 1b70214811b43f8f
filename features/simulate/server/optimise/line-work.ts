import { message } from "@doppelwerk/messages";
import type { LineDocuments } from "@doppelwerk/ports";
import { mainFlow, mixPieceS, type LineModel } from "@doppelwerk/sim";
import { brokenPrecedences, stationSeconds, type LineWork } from "@doppelwerk/sim/optimise";
import { DoppelwerkError } from "@doppelwerk/world";
import type { ElementRecord, RecordReader } from "@doppelwerk/world";

/**
 * The stations of the main flow whose work the submodel `WorkElements` knows in pieces. The pieces of a station share what it takes on average over the mix,
 * as fitted from history, in proportion to their planned times. Throws DW_NOT_FOUND where nothing can be divided again.
 */
export function lineWork(plant: LineDocuments, model: LineModel): LineWork {
  const flow = mainFlow(model).filter(({ id }) => plant.work.some(({ station }) => station === id));
  if (flow.length < 2) throw new DoppelwerkError("DW_NOT_FOUND", message("simulate.shellsHoldNoSubmodelWorkElementsNames"));
  const at = new Map(flow.map(({ id }, index) => [id, index]));
  const known = plant.work.filter(({ station }) => at.has(station));
  const index = new Map(known.map(({ id }, i) => [id, i]));
  const stretch = flow.map((station) => {
    const planned = known.reduce((sum, { station: own, time }) => (own === station.id ? sum + time.value : sum), 0);
    return mixPieceS(model, station) / planned;
  });
  return {
    stations: flow.map(({ id, places }) => ({
      id,
      label: plant.stations.find((station) => station.id === id)?.title ?? { en: id, zh: id },
      places,
    })),
    elements: known.map(({ id, title, time, after, station, fixed }) => ({
      id,
      label: title,
      station: at.get(station)!,
      seconds: time.value * stretch[at.get(station)!]!,
      after: after.flatMap((name) => index.get(name) ?? []),
      fixed,
    })),
    ...(plant.takt ? { taktS: plant.takt.value } : {}),
  };
}

/**
 * What elements at other stations change in the documents: where each is done, and the cycle of every station that gains or loses one, in proportion to its
 * measured work. Throws DW_INVALID where an element is not free, or would come before what it needs.
 */
export function workChanges(reader: RecordReader, plant: LineDocuments, model: LineModel, stationOf: Readonly<Record<string, string>>) {
  const work = lineWork(plant, model);
  const stranger = Object.keys(stationOf).find((id) => !work.elements.some((element) => element.id === id));
  if (stranger !== undefined) throw new DoppelwerkError("DW_INVALID", message("simulate.noWorkElement", { stranger }));
  const now = work.elements.map(({ station }) => station);
  const then = work.elements.map(({ id, station, fixed }) => {
    const name = stationOf[id];
    const to = name === undefined ? station : work.stations.findIndex((candidate) => candidate.id === name);
    if (to < 0) throw new DoppelwerkError("DW_INVALID", message("simulate.noWorkCanMoved", { name: name! }));
    if (to !== station && fixed) throw new DoppelwerkError("DW_INVALID", message("simulate.workElementCanDoneWhere", { id }));
    return to;
  });
  const before = brokenPrecedences(work, now).map(String);
  const broken = brokenPrecedences(work, then).find((pair) => !before.includes(String(pair)));
  if (broken) {
    const [needed, element] = broken.map((i) => work.elements[i]!.id) as [string, string];
    throw new DoppelwerkError("DW_INVALID", message("simulate.workElementWouldDoneBefore", { element, needed }));
  }
  const [old, fresh] = [stationSeconds(work, now), stationSeconds(work, then)];
  const moved = work.elements.flatMap(({ id }, i) => {
    if (now[i] === then[i]) return [];
    const element = plant.work.find((candidate) => candidate.id === id)!;
    const { id: to, name = to } = plant.stations.find((station) => station.id === work.stations[then[i]!]!.id)!;
    return [changed(reader, element.stationElement, name)];
  });
  const cycles = work.stations.flatMap(({ id }, i) => {
    const station = plant.stations.find((candidate) => candidate.id === id)!;
    const ideal = station.idealCycle;
    if (!ideal || Math.abs(fresh[i]! - old[i]!) < 1e-9) return [];
    return [changed(reader, ideal.element, String(idealAt(plant, station, ideal.value, fresh[i]! / old[i]!)))];
  });
  return [...moved, ...cycles];
}

const LEAST_CYCLE_S = 0.1;

/** The ideal cycle with which the mean over the mix is `ratio` times what it is: times added for single products stay with their station. */
function idealAt({ products }: LineDocuments, { addedTimes }: LineDocuments["stations"][number], ideal: number, ratio: number): number {
  const shares = products.reduce((sum, { share }) => sum + share, 0);
  const added =
    shares > 0
      ? addedTimes.reduce(
          (sum, { product, time }) => sum + (time.value * (products.find(({ id }) => id === product)?.share ?? 0)) / shares,
          0,
        )
      : 0;
  return Math.max(LEAST_CYCLE_S, Number(((ideal + added) * ratio - added).toFixed(2)));
}

function changed(reader: RecordReader, id: string, to: string) {
  const record = reader.get(id) as ElementRecord;
  return { op: "update" as const, id, fields: { value: { from: record["value"], to } } };
}
