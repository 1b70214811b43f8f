import type { Studio } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";
import { placeOfLine } from "./current-place.ts";

/** Opens the board of a place. The line has a board of its own; a station of it is selected where the studio is. */
export function goToPlace(studio: Studio, place: Place, places: readonly Place[]): void {
  const line = studio.line.get();
  const station = line?.stations.find(({ shell }) => shell === place.shell);
  if (station !== undefined) {
    const { view, detail } = studio.address.store.get();
    studio.address.go({ ...(view === "board" && detail !== undefined && { detail: undefined }), subject: station.id, inspector: true });
  } else if (placeOfLine(places, line)?.id === place.id) studio.address.go({ view: "board", detail: undefined, subject: undefined });
  else studio.address.go({ view: "board", detail: place.id, subject: undefined });
}
