import type { Studio } from "@doppelwerk/kit/studio";

/** Id of the dialog with the tree of places. */
export const PLACE_TREE = "places.tree";

export default function openTree(studio: Studio): void {
  studio.dialog.set(PLACE_TREE);
}
