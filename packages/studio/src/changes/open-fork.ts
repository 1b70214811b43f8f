import type { Studio } from "@doppelwerk/ui";

export default function openFork(studio: Studio): void {
  studio.dialog.set("changes.forkDialog");
}
