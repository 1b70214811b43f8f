export { rulesOf, type TemplateRules, type AllowedRange } from "./template-rules.ts";
export { instantiateTemplate, type Instantiation } from "./instantiate-template.ts";
export { checkTemplate, valueListOf, type ConceptsById } from "./check-template.ts";
export { formOf, withElementAdded, withElementRemoved, withElementReplaced, type FormField, type FormItem } from "./template-form.ts";
