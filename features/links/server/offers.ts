import type { PlantView } from "@doppelwerk/kit/server";
import type { LivePlaces } from "@doppelwerk/ports";
import { LIVE, type ShellRecord } from "@doppelwerk/world";

/** More than a person looks through; others are granted by their id. */
const MAX_OFFERS = 1_000;

/** Shells that a person may grant: places that hold others first. */
export function offersTo(view: PlantView, places: LivePlaces | undefined) {
  const shells = view.documents.reader(LIVE).query({ kind: "shell" }) as readonly ShellRecord[];
  const all = shells
    .map(({ id, idShort, aasId }) => ({
      id,
      name: idShort === "" ? aasId : idShort,
      contains: Math.max(0, (places?.within(id).length ?? 0) - 1),
    }))
    .toSorted((a, b) => b.contains - a.contains || a.name.localeCompare(b.name, "en"));
  return { shells: all.slice(0, MAX_OFFERS), more: Math.max(0, all.length - MAX_OFFERS) };
}
