export { applyOnNewest } from "./apply-on-newest.ts";
export { untilWritten } from "./until-written.ts";
