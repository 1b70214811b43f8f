export { holds, QueryTooWide, type QuerySubject } from "./evaluate-query.ts";
export { parseField, type Field } from "./field-identifier.ts";
export { neededTexts } from "./needed-texts.ts";
export { isQueryProblem, parseQuery, type QueryProblem, type QueryTarget } from "./parse-query.ts";
export { lookupPlan, type LookupPlan, type QueryLookup } from "./query-lookups.ts";
export type { Condition, Query } from "./query.ts";
