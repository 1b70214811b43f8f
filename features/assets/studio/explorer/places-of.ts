import type { Submodel } from "@doppelwerk/aas";
import { readInstallation } from "@doppelwerk/operations";
import type { Installed } from "@doppelwerk/operations";

/** The submodel in which a place says who stands there has the id of its shell with this at the end, so that the way back needs no search. */
const OF_PLACE = "/installation";

export function installationId(place: string): string {
  return `${place}${OF_PLACE}`;
}

/** The places in which the asset of a shell stands or stood, of all that say who does; with everyone who did. */
export function placesOf(
  shell: string,
  installations: readonly Submodel[],
): readonly { readonly place: string; readonly periods: readonly Installed[] }[] {
  return installations.flatMap((each) => {
    const periods = readInstallation(each);
    const isPlace = each.id.endsWith(OF_PLACE) && periods.some((period) => period.shell === shell);
    return isPlace ? [{ place: each.id.slice(0, -OF_PLACE.length), periods }] : [];
  });
}
