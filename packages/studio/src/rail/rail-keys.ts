import { DAY, HOUR, MINUTE, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import type { RailAction } from "@doppelwerk/ui";
import type { RailView } from "./rail-view.ts";

const ARROW_PIXELS = 4;
const SHIFT_TIMES = 10;
const STEPS: readonly Instant[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 8, 12].map((count) => count * HOUR),
  ...[1, 2, 5].map((count) => count * DAY),
];

/** A step of an arrow key is what the eye can see, a round time of a few pixels of the present scale. */
export function arrowStep(view: RailView, shift: boolean): Instant {
  const wanted = view.pastScale * ARROW_PIXELS;
  const step = STEPS.reduce((best, each) => (Math.abs(Math.log(each / wanted)) < Math.abs(Math.log(best / wanted)) ? each : best));
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
    case "j":
    case "J":
      return { kind: "ask" };
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
