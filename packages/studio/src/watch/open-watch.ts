import type { Studio } from "@doppelwerk/ui";

export default function openWatch(studio: Studio): void {
  studio.address.go({ view: "decide", detail: "watch" });
}
