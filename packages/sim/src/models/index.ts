export * from "./model-description.ts";
export type * from "./model-instance.ts";
export * from "./model-plan.ts";
export * from "./model-run.ts";
