import { faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import { AlarmRuleFields, type KnownRule } from "../contract.ts";
import type {} from "../message-codes.ts";
import { CONDITION_KINDS } from "../model/condition-shape.ts";
import type { AlarmRules } from "./rules.ts";

const titleOf = (key: string) => textsOf(message(`alarms.column.${key}` as "alarms.column.id"));
const text = (key: string, isRequired?: true): ListColumn => ({
  key,
  title: titleOf(key),
  kind: "text",
  ...(isRequired && { isRequired }),
});
const number = (key: string, unit?: string): ListColumn => ({
  key,
  title: titleOf(key),
  kind: "number",
  ...(unit !== undefined && { unit }),
});

/** The master alarm database (ISA-18.2, clause 6): a row a rule. What a condition has beside signal, limit and deadband is JSON in `details`. */
const columnsOf = (): readonly ListColumn[] => [
  text("id", true),
  text("title.en", true),
  text("title.zh", true),
  text("station"),
  text("shell"),
  number("priority"),
  {
    key: "kind",
    title: titleOf("kind"),
    kind: "choice",
    choices: CONDITION_KINDS,
    isRequired: true,
  },
  text("signal"),
  text("expression"),
  number("limit"),
  number("deadband"),
  text("details"),
  number("onDelayS", "s"),
  number("offDelayS", "s"),
  text("cause.en"),
  text("cause.zh"),
  text("consequence.en"),
  text("consequence.zh"),
  text("response.en"),
  text("response.zh"),
  number("timeToRespondS", "s"),
  { key: "latching", title: titleOf("latching"), kind: "yesNo" },
  text("suppressedIn"),
  text("suppressedBy"),
  text("suppressedWhen"),
  text("firstOut.group"),
  number("firstOut.withinS", "s"),
  { key: "enabled", title: titleOf("enabled"), kind: "yesNo" },
];

/** Of a group whose time is not given. */
const FIRST_OUT_S = 60;

/** What of a condition has a column of its own. */
interface InColumns {
  readonly signal?: string;
  readonly expression?: string;
  readonly limit?: number;
  readonly deadband?: number;
}

const ID = /^alarmRule:[\w.~-]{1,100}$/;
const PAIRS = ["title", "cause", "consequence", "response"] as const;

export function ruleTable(rules: AlarmRules, viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "alarmRules",
    title: textsOf(message("alarms.table.title")),
    columns: columnsOf(),
    key: "id",
    rows: async (principal, branch) => (await rules.list(viewOf(principal), branch)).map(rowOf),
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const known = new Set((await rules.list(view, branch)).map(({ id }) => id));
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [at, row] of rows.entries()) {
        const id = String(row["id"]);
        const read = known.has(id) || ID.test(id) ? fieldsOf(row) : { fault: message("alarms.table.id"), column: "id" };
        if ("fault" in read) {
          faults.push({ row: at, message: read.fault, ...(read.column !== undefined && { column: read.column }) });
          continue;
        }
        const change = rules.changeTo(view, branch, id, read.fields);
        if ("fault" in change) faults.push({ row: at, column: "signal", message: change.fault });
        else if (change.change) changes.push(change.change);
      }
      return { changes, faults };
    },
  };
}

function rowOf({ id, fields }: KnownRule): ListRow {
  const { condition, suppressedIn, title, cause, consequence, response, firstOut, ...plain } = fields;
  const { kind, signal, expression, limit, deadband, ...details } = condition as InColumns & { readonly kind: string };
  const texts = PAIRS.flatMap((name) =>
    (["en", "zh"] as const).map((language) => [`${name}.${language}`, { title, cause, consequence, response }[name][language]]),
  );
  return {
    id,
    ...Object.fromEntries(texts),
    ...plain,
    kind,
    ...(signal !== undefined && { signal }),
    ...(expression !== undefined && { expression }),
    ...(limit !== undefined && { limit }),
    ...(deadband !== undefined && { deadband }),
    ...(Object.keys(details).length > 0 && { details: JSON.stringify(details) }),
    ...(suppressedIn.length > 0 && { suppressedIn: suppressedIn.join(", ") }),
    ...(firstOut !== undefined && { "firstOut.group": firstOut.group, "firstOut.withinS": firstOut.withinS }),
  };
}

function fieldsOf(row: ListRow): { readonly fields: AlarmRuleFields } | { readonly fault: Message; readonly column?: string } {
  const details = objectOf(row["details"]);
  if (details === undefined) return { fault: message("alarms.table.details"), column: "details" };
  const of = (name: string) => ({ en: row[`${name}.en`], zh: row[`${name}.zh`] });
  const given = (...names: readonly string[]) =>
    Object.fromEntries(names.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])));
  const candidate = {
    ...given("station", "shell", "priority", "timeToRespondS", "suppressedBy", "suppressedWhen"),
    ...(row["firstOut.group"] !== undefined && {
      firstOut: { group: row["firstOut.group"], withinS: row["firstOut.withinS"] ?? FIRST_OUT_S },
    }),
    ...Object.fromEntries(PAIRS.map((name) => [name, of(name)])),
    condition: { ...details, ...given("kind", "signal", "expression", "limit", "deadband") },
    onDelayS: row["onDelayS"] ?? 0,
    offDelayS: row["offDelayS"] ?? 0,
    latching: row["latching"] ?? false,
    enabled: row["enabled"] ?? true,
    suppressedIn: String(row["suppressedIn"] ?? "")
      .split(",")
      .map((state) => state.trim())
      .filter((state) => state !== ""),
  };
  const parsed = AlarmRuleFields.safeParse(candidate);
  if (parsed.success) return { fields: parsed.data };
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String);
  const column = columnsOf().find(({ key }) => key === path.join(".") || key === path.at(-1) || key === path[0])?.key;
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, ...(column !== undefined && { column }) };
}

/** Undefined where it is no JSON object; nothing is an empty one. */
function objectOf(value: ListRow[string] | undefined): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(String(value));
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
