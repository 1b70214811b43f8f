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
// layout
export * from "./quadratic-assignment/quadratic-assignment.ts";
export { gilmoreLawlerBound } from "./quadratic-assignment/gilmore-lawler.ts";
export { AssignmentSearch } from "./quadratic-assignment/assignment-search.ts";
