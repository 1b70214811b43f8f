import type { Instant } from "@doppelwerk/world";
import type { RailAction } from "@doppelwerk/ui";
import type { RailView } from "./rail-view.ts";

const ARROW_PIXELS = 4;
const SHIFT_TIMES = 10;

/** A step of an arrow key is what the eye can see: a few pixels of the present scale, a whole second at least. */
export function arrowStep(view: RailView, shift: boolean): Instant {
  const step = Math.max(1_000_000, Math.round((view.pastScale * ARROW_PIXELS) / 1_000_000) * 1_000_000);
  return shift ? step * SHIFT_TIMES : step;
}

export function railKey(key: string, shift: boolean, view: RailView): RailAction | undefined {
  switch (key) {
    case "ArrowLeft":
      return { kind: "move", by: -arrowStep(view, shift) };
    case "ArrowRight":
      return { kind: "move", by: arrowStep(view, shift) };
    case "ArrowUp":
    case "+":
    case "=":
      return { kind: "zoom", factor: 1.5 };
    case "ArrowDown":
    case "-":
      return { kind: "zoom", factor: 1 / 1.5 };
    case "PageUp":
      return { kind: shift ? "alarm" : "event", direction: -1 };
    case "PageDown":
      return { kind: shift ? "alarm" : "event", direction: 1 };
    case "[":
      return { kind: "event", direction: -1 };
    case "]":
      return { kind: "event", direction: 1 };
    case "{":
      return { kind: "alarm", direction: -1 };
    case "}":
      return { kind: "alarm", direction: 1 };
    case "y":
    case "Y":
      return { kind: "link" };
    case "Home":
      return { kind: "start" };
    case "End":
    case "Escape":
    case "l":
    case "L":
      return { kind: "live" };
    case " ":
      return { kind: "toggle" };
    case ",":
    case "<":
      return { kind: "speed", direction: -1 };
    case ".":
    case ">":
      return { kind: "speed", direction: 1 };
    default:
      return undefined;
  }
}
