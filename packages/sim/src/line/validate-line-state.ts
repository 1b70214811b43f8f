import type { Finding } from "@doppelwerk/aas";
import type { LineModel } from "./line-model.ts";
import type { LineState } from "./line-state.ts";
import { doubt } from "./shape.ts";

/**
 * What of a state a model has no place for, as warnings: a run started from it leaves that out (parts of a place that was taken
 * away go into the buffer before the station). Empty for a state of the same model.
 */
export function validateLineState(model: LineModel, state: LineState): Finding[] {
  const station = (id: string): LineModel["stations"][number] | undefined => model.stations.find((entry) => entry.id === id);
  const product = (id: string | undefined, path: string): Finding[] =>
    id === undefined || model.products.some((entry) => entry.id === id)
      ? []
      : [doubt(path, "reference", `there is no product "${id}": the part is taken as one of no product`)];
  return [
    ...(state.places ?? []).flatMap((place, index): Finding[] => {
      const path = `places[${index}]`;
      const found = station(place.station);
      if (found === undefined)
        return [
          doubt(
            `${path}.station`,
            "reference",
            `there is no station "${place.station}": ${place.part === undefined ? "nothing" : "a part"} is left out`,
          ),
        ];
      if (place.place >= found.places)
        return [doubt(`${path}.place`, "reference", `"${found.id}" has ${found.places} places: a part here goes into the buffer`)];
      const stop = place.stop?.id;
      return [
        ...(stop === undefined || (found.stops ?? []).some((entry) => entry.id === stop)
          ? []
          : [doubt(`${path}.stop`, "reference", `"${found.id}" has no stop "${stop}": it is taken as running`)]),
        ...product(place.part?.product, `${path}.part.product`),
      ];
    }),
    ...(state.buffers ?? []).flatMap((buffer, index): Finding[] => {
      const path = `buffers[${index}]`;
      const found = station(buffer.station);
      const exists = found !== undefined && (buffer.input !== "assembly" || found.assembly !== undefined);
      if (!exists)
        return buffer.parts.length === 0
          ? []
          : [doubt(path, "reference", `there is no such buffer: ${buffer.parts.length} parts are left out`)];
      const capacity = buffer.input === "assembly" ? found.assembly!.buffer.capacity : found.buffer?.capacity;
      return [
        ...(capacity !== undefined && buffer.parts.length > capacity
          ? [doubt(`${path}.parts`, "limit", `${buffer.parts.length} parts where ${capacity} have room: it empties before it takes more`)]
          : []),
        ...buffer.parts.flatMap((part, at) => product(part.product, `${path}.parts[${at}].product`)),
      ];
    }),
    ...product(state.program?.product, "program.product"),
  ];
}
