/** Keywords of JSON Schema that need no code and no search: a schema comes from a stranger and is run on what others send. */
const KEYWORDS: ReadonlySet<string> = new Set([
  "$schema",
  "additionalProperties",
  "allOf",
  "anyOf",
  "const",
  "default",
  "description",
  "enum",
  "exclusiveMaximum",
  "exclusiveMinimum",
  "items",
  "maxItems",
  "maxLength",
  "maximum",
  "minItems",
  "minLength",
  "minimum",
  "multipleOf",
  "oneOf",
  "prefixItems",
  "properties",
  "required",
  "title",
  "type",
]);

const MAX_DEPTH = 20;
const MAX_NODES = 2_000;

/** A schema without references, patterns and formats: checking a value with it takes time linear in the value. */
export function isPlainSchema(schema: unknown): boolean {
  let nodes = 0;
  const isPlain = (value: unknown, depth: number): boolean => {
    if (typeof value === "boolean") return true;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) return false;
    return Object.entries(value).every(([keyword, given]) => KEYWORDS.has(keyword) && isPlainKeyword(keyword, given, depth));
  };
  const isPlainKeyword = (keyword: string, given: unknown, depth: number): boolean => {
    if (keyword === "properties")
      return typeof given === "object" && given !== null && Object.values(given).every((each) => isPlain(each, depth + 1));
    if (keyword === "items" || keyword === "additionalProperties") return isPlain(given, depth + 1);
    if (["allOf", "anyOf", "oneOf", "prefixItems"].includes(keyword))
      return Array.isArray(given) && given.every((each) => isPlain(each, depth + 1));
    return true;
  };
  return isPlain(schema, 0);
}
