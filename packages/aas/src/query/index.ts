export { holds, QueryTooWide, type AttributeValues, type QuerySubject } from "./evaluate-query.ts";
export { parseField, type Field, type PathStep } from "./field-identifier.ts";
export { neededTexts } from "./needed-texts.ts";
export { isQueryProblem, parseQuery, type QueryProblem, type QueryTarget } from "./parse-query.ts";
export { lookupPlan, type LookupPlan, type QueryLookup } from "./query-lookups.ts";
export type { Attribute, Comparison, Condition, Operand, Query, Value } from "./query.ts";
export { valueOfText } from "./values.ts";
