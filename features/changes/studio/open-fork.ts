import type { Studio } from "@doppelwerk/kit/studio";

export default function openFork(studio: Studio): void {
  studio.dialog.set("changes.forkDialog");
}
