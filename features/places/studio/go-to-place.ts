import type { Studio } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";
import { placeOfLine } from "./current-place.ts";

/** Opens the board of a place. A line has a board of its own, named by its id; a station of the line shown is selected where the studio is. */
export function goToPlace(studio: Studio, place: Place, places: readonly Place[]): void {
  const line = studio.line.get();
  const station = line?.stations.find(({ shell }) => shell === place.shell);
  if (station !== undefined) {
    const { view, detail } = studio.address.store.get();
    studio.address.go({ ...(view === "board" && detail !== undefined && { detail: undefined }), subject: station.id, inspector: true });
  } else if (place.line !== undefined) studio.address.go({ view: "board", line: place.line, detail: undefined, subject: undefined });
  else if (placeOfLine(places, line)?.id === place.id) studio.address.go({ view: "board", detail: undefined, subject: undefined });
  else studio.address.go({ view: "board", detail: place.id, subject: undefined });
}
