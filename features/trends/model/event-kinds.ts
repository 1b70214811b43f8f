import type { EventKind } from "@doppelwerk/world";

/** A curve that a bench measured, of the shell of its station. */
export const CURVE_EVENT = "curve.recorded";

export const curveEvents: readonly EventKind[] = [{ type: CURVE_EVENT, version: 1, keys: ["curve", "station", "serial"] }];
