import type { Studio } from "@doppelwerk/kit/studio";

export default function openPropose(studio: Studio): void {
  studio.dialog.set("changes.proposeDialog");
}
