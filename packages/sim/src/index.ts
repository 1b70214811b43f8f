// line
export type * from "./line/line-model.ts";
export type * from "./line/line-state.ts";
export { placeStates } from "./line/line-event.ts";
export type { LineEvent, LineEventKind, LineObserver, PlaceState, StateCause } from "./line/line-event.ts";
export type * from "./line/run.ts";
// random
export type { Distribution, DistributionKind } from "./random/distribution.ts";
// statistics, fit and experiments
