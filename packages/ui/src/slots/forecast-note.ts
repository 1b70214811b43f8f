import type { ComponentType } from "react";
import { slot } from "./slot.ts";

/** What is known of the forecasts of a line, beside the one of its running shift; `line`: its id. */
export const forecastNote = slot<{ readonly order: number }, ComponentType<{ readonly line: string }>>()("shell.forecastNote", 1);
