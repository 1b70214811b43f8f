export { RIGHTS, type AccessRule, type AccessRules, type Filter, type ObjectClass, type Right, type RuleObject } from "./access-rules.ts";
export { parseAccessRules } from "./parse-rules.ts";
export { readAccessRulesText, type TextProblem } from "./read-text.ts";
export { isFragmentOfModel } from "./fragment.ts";
