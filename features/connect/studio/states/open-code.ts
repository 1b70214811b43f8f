import type { Studio } from "@doppelwerk/kit/studio";
import { codeDetail } from "./states-detail.ts";

/** From the search of the frame to what a raw state means at every station. */
export default function openCode(studio: Studio, asked: string): void {
  studio.address.go({ view: "connect", detail: asked === "" ? "states" : codeDetail(asked) });
}
