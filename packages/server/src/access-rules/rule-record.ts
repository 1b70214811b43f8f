import { isFragmentOfModel, parseAccessRules, readAccessRulesText, type AccessRules } from "@doppelwerk/aas/access-rules";
import { message, type Message } from "@doppelwerk/messages";
import type { RecordKind, WorldRecord } from "@doppelwerk/world";

export const ACCESS_RULES = "accessRules";

/** A set of access rules (AAS Part 4, IDTA-01004 3.0.2), as text or as JSON. What no enabled set of live permits is denied; without any, roles alone decide. */
export interface AccessRulesRecord extends WorldRecord {
  readonly kind: typeof ACCESS_RULES;
  readonly name: string;
  readonly text: string;
  readonly enabled: boolean;
}

/** What the text says, or what is wrong with it and where. */
export function accessRulesOf(text: string): AccessRules | Message {
  let json: unknown;
  if (/^\s*\{/.test(text)) {
    try {
      json = JSON.parse(text);
    } catch (error) {
      return message("server.accessRulesNotJson", { reason: (error as Error).message });
    }
  } else {
    const read = readAccessRulesText(text);
    if ("reason" in read) return message("server.accessRulesText", { line: read.line, column: read.column, reason: read.reason });
    json = read;
  }
  const rules = parseAccessRules(json);
  if ("reason" in rules) return message("server.accessRulesAt", { path: rules.path, reason: rules.reason });
  // nothing is permitted in part that is then shown whole
  const unknown = rules.rules
    .flatMap(({ filters }) => filters)
    .find(({ fragment }) => !isFiltered(fragment) || !isFragmentOfModel(fragment));
  return unknown === undefined ? rules : message("server.accessRulesFilter", { fragment: unknown.fragment });
}

/** A part that has a name in the JSON of its object: `language` has none of its own. */
function isFiltered(fragment: string): boolean {
  const [, root, attribute] = /^\$(aasdesc|smdesc|aas|sme|sm|cd)[^#]*(?:#(.+))?$/.exec(fragment) ?? [];
  if (attribute === undefined) return root === "sme";
  if (root === "sme" && attribute.split(/[.[]/, 1)[0] === "language") return false;
  return attribute.split(".").every((step) => /^[A-Za-z0-9_]+(?:\[\d*\])?$/.test(step));
}

export const accessRulesKind: RecordKind = { kind: ACCESS_RULES, validate: faultsOf };

function faultsOf({ name, text, enabled }: WorldRecord): readonly Message[] {
  if (typeof name !== "string" || name.trim() === "" || name.length > 200) return [message("server.accessRulesName")];
  if (typeof enabled !== "boolean") return [message("server.accessRulesEnabled")];
  if (typeof text !== "string") return [message("server.accessRulesMissing")];
  const rules = accessRulesOf(text);
  return "rules" in rules ? [] : [rules];
}
