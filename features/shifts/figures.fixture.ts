// What tests of others make of the result of a shift.

export { figuresOf } from "./model/figures.ts";
