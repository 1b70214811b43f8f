export { CoupledFlow, couplingFindings, type CoupledResult, type Coupling, type CoupledModel } from "./coupled-flow.ts";
export * from "./model-description.ts";
export type * from "./model-instance.ts";
export * from "./model-plan.ts";
export * from "./model-run.ts";
