import { MINUTE } from "@doppelwerk/world";
import type { StationSpans } from "./loss-causes.ts";

/** `working 10, failed 5`: minutes in each state, one after the other from minute 0. */
export function station(id: string, text: string): StationSpans {
  let at = 0;
  return {
    station: id,
    spans: text.split(", ").map((part) => {
      const [state, minutes, cause = "unknown"] = part.split(" ");
      const from = at;
      at += Number(minutes);
      return { from: from * MINUTE, to: at * MINUTE, state: state!, cause };
    }),
  };
}
