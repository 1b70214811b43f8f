import type { Studio } from "@doppelwerk/ui";

export default function openPropose(studio: Studio): void {
  studio.dialog.set("changes.proposeDialog");
}
