export * from "./search.ts";
export { WordStream } from "./word-stream.ts";
export { RelinkingSearch, type LocalSearch, type RelinkingOptions } from "./relinking.ts";
// scheduling
export * from "./job-shop/job-shop.ts";
export { readJobShop } from "./job-shop/read-job-shop.ts";
export { jobShopBound, preemptiveMakespan } from "./job-shop/one-machine.ts";
export { createJobShopSearch, type JobShopSearchOptions } from "./job-shop/job-shop-search.ts";
export * from "./flexible-job-shop/flexible-job-shop.ts";
export { readFlexibleJobShop } from "./flexible-job-shop/read-flexible-job-shop.ts";
export { flexibleBound } from "./flexible-job-shop/flexible-bound.ts";
export { createFlexibleSearch, type FlexibleSearchOptions } from "./flexible-job-shop/flexible-search.ts";
export * from "./schedule/schedule-problem.ts";
export * from "./schedule/schedule-timing.ts";
export * from "./schedule/schedule-edit.ts";
export * from "./schedule/schedule-search.ts";
export * from "./schedule/schedule-trial.ts";
export * from "./schedule/schedule-of-line.ts";
export { readScheduleFile } from "./schedule/schedule-of-file.ts";
// layout
export * from "./layout/layout-problem.ts";
export { ExchangeSearch } from "./layout/exchange-search.ts";
export { LayoutSearch } from "./layout/layout-search.ts";
export * from "./quadratic-assignment/quadratic-assignment.ts";
export { gilmoreLawlerBound } from "./quadratic-assignment/gilmore-lawler.ts";
export { AssignmentSearch } from "./quadratic-assignment/assignment-search.ts";
// sequencing, balancing, buffers
export * from "./flow-shop/flow-shop.ts";
export { readFlowShop } from "./flow-shop/read-flow-shop.ts";
export * from "./line-balancing/line-balancing.ts";
export { readLineBalance } from "./line-balancing/read-line-balance.ts";
export * from "./line-balancing/balance-of-work.ts";
export { BalanceSearch } from "./line-balancing/balance-search.ts";
export { BufferSearch, type BufferProblem } from "./buffer-allocation/buffer-search.ts";
export { lineBuffers, type LineBufferOptions, type LineBuffers } from "./buffer-allocation/line-buffers.ts";
export { exponentialLineThroughput } from "./buffer-allocation/exponential-line.ts";
export { confirmWinner } from "./confirm.ts";
// anything else
export { CovarianceSearch, DifferentialSearch, SwarmSearch, type BlackBoxOptions, type ContinuousProblem } from "./black-box/continuous.ts";
export { ParetoSearch, type ParetoPoint, type ParetoProblem } from "./black-box/pareto-search.ts";
// factors of a line, judged by simulating
export * from "./factors/grid-search.ts";
export * from "./factors/line-objective.ts";
// linear programs
export * from "./linear-program/linear-program.ts";
export { explainConflict, type ConflictingLimit } from "./linear-program/conflict.ts";
export { explainDuals, type ExplainedLimit } from "./linear-program/explain.ts";
export { blendingProgram, type Blend, type Material } from "./linear-program/blending.ts";
