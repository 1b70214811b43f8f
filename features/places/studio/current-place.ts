import type { LineInfo } from "@doppelwerk/client";
import type { Address } from "@doppelwerk/kit/studio";
import type { Place } from "../contract.ts";

/** The place that the studio is at: of the board that is open, else of what is selected, else of the line, else the one that holds all lines (`whole`) or the outermost. */
export function currentPlace(
  places: readonly Place[],
  { view, detail, subject }: Pick<Address, "view" | "detail" | "subject">,
  line: Pick<LineInfo, "stations"> | undefined,
  whole?: string,
): Place | undefined {
  if (view === "board" && detail !== undefined) {
    const place = places.find(({ id }) => id === detail);
    if (place !== undefined) return place;
  }
  const station = line?.stations.find(({ id, shell }) => id === subject || shell === subject);
  const shell = station?.shell ?? subject;
  const selected = shell === undefined ? undefined : places.find((place) => place.shell === shell || place.id === shell);
  return selected ?? placeOfLine(places, line) ?? places.find(({ id }) => id === whole) ?? places[0];
}

/** The place that holds the stations of the line. */
export function placeOfLine(places: readonly Place[], line: Pick<LineInfo, "stations"> | undefined): Place | undefined {
  const byId = new Map(places.map((place) => [place.id, place]));
  for (const { shell } of line?.stations ?? [])
    for (let at = places.find((place) => place.shell === shell); at !== undefined; at = byId.get(at.parent ?? ""))
      if (at.kind === "productionLine") return at;
  return undefined;
}
