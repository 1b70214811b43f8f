import type { Studio } from "@doppelwerk/kit/studio";

export default function openWatch(studio: Studio): void {
  studio.address.go({ view: "decide", detail: "watch" });
}
