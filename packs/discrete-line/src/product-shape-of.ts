import type { LocalText } from "@doppelwerk/kit";
import type { PlantStation, ProductShape } from "./plant.ts";

/** Tumble dryers look the same: a cabinet with a round door. */
const OF_LINE = /washing machines?|washer.?dryers?|tumble dryers?|\bdryers\b|waschmaschine|wäschetrockner|洗衣机|干衣机/i;
/** Work that is done on no other product. */
const OF_STATION = /\btub (weld|marriage)|外筒(焊|合装)/i;

/**
 * What the products of a line look like: as the property `ProductShape` of its documents says, a word that is not known is no shape.
 * Documents without it, as those made before it was read, say it by the titles of the line and of its stations.
 */
export function productShapeOf(
  declared: string | undefined,
  title: LocalText,
  stations: readonly Pick<PlantStation, "title">[],
): ProductShape | undefined {
  if (declared !== undefined) return declared === "washing-machine" ? declared : undefined;
  const names = (pattern: RegExp, { en, zh }: LocalText): boolean => pattern.test(en) || pattern.test(zh);
  const isNamed = names(OF_LINE, title) || stations.some((station) => names(OF_STATION, station.title));
  return isNamed ? "washing-machine" : undefined;
}
