export { aasApi, BRANCH_HEADER, type AasApiOptions } from "./aas-api.ts";
export { QUALITY_HEADER, SOURCE_TIME_HEADER } from "./element-routes.ts";
export { AasLookups } from "./aas-lookups.ts";
export { branchSamples } from "./branch-samples.ts";
export { SourceCache } from "./source-cache.ts";
export { aasSourceOfWorld, type AasSourceOptions } from "./aas-source-of-world.ts";
export type * from "./aas-source.ts";
export { answerBadUrl, isAasUrl } from "./answers.ts";
