import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { COUNTERS, maintenancePlan, PlanFields, UNITS } from "../model/plan-kind.ts";
import { planId, plansOf } from "./plans.ts";

const titleOf = (key: string) => textsOf(message(`maintenance.column.${key}` as "maintenance.column.code"));
const text = (key: string, isRequired?: true): ListColumn => ({
  key,
  title: titleOf(key),
  kind: "text",
  ...(isRequired && { isRequired }),
});
const number = (key: string): ListColumn => ({ key, title: titleOf(key), kind: "number" });

const columnsOf = (): readonly ListColumn[] => [
  text("code", true),
  text("titleEn", true),
  text("titleZh", true),
  text("station", true),
  text("job"),
  number("priority"),
  { key: "trigger", title: titleOf("trigger"), kind: "choice", choices: ["time", "count", "condition"], isRequired: true },
  number("every"),
  { key: "unit", title: titleOf("unit"), kind: "choice", choices: [...UNITS, ...COUNTERS] },
  text("from", true),
  number("minute"),
  { key: "inShift", title: titleOf("inShift"), kind: "yesNo" },
  number("leadDays"),
  text("rule"),
  number("withinDays"),
  { key: "isOn", title: titleOf("isOn"), kind: "yesNo" },
];

/** Plans, a row each. `from` of one by the calendar is a date, of the others a date and time of RFC 3339. */
export function planTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "maintenancePlans",
    title: textsOf(message("maintenance.plans")),
    columns: columnsOf(),
    key: "code",
    rows: async (principal, branch) => plansOf(viewOf(principal), branch).map(rowOfPlan),
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [at, row] of rows.entries()) {
        const read = planOfRow(row);
        if ("fault" in read) {
          faults.push({ row: at, column: read.column, message: read.fault });
          continue;
        }
        const id = planId(read.fields.code);
        const change = documentChange(maintenancePlan, id, reader.get(id), read.fields);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

export function rowOfPlan({ code, title, station, job, priority, trigger, withinDays, isOn }: PlanFields): ListRow {
  const own: ListRow =
    trigger.kind === "time"
      ? {
          every: trigger.every,
          unit: trigger.unit,
          from: trigger.from,
          minute: trigger.minute,
          inShift: trigger.inShift,
          leadDays: trigger.leadDays,
        }
      : trigger.kind === "count"
        ? { every: trigger.every, unit: trigger.counter, from: new Date(trigger.from / 1_000).toISOString() }
        : { every: trigger.times, rule: trigger.rule, from: new Date(trigger.from / 1_000).toISOString() };
  return {
    code,
    titleEn: title.en,
    titleZh: title.zh,
    station,
    ...(job !== undefined && { job }),
    priority,
    trigger: trigger.kind,
    ...own,
    withinDays,
    isOn,
  };
}

type Read = { readonly fields: PlanFields } | { readonly fault: Message; readonly column: string };

export function planOfRow(row: ListRow): Read {
  const given = (key: string, name = key) => (row[key] === undefined || row[key] === "" ? {} : { [name]: row[key] });
  const from = { from: Date.parse(String(row["from"] ?? "")) * 1_000 };
  const triggers: Readonly<Record<string, object>> = {
    time: {
      kind: "time",
      ...given("every"),
      ...given("unit"),
      ...given("from"),
      ...given("minute"),
      ...given("inShift"),
      ...given("leadDays"),
    },
    count: { kind: "count", ...given("every"), ...given("unit", "counter"), ...from },
    condition: { kind: "condition", ...given("rule"), ...given("every", "times"), ...from },
  };
  const candidate = {
    ...given("code"),
    title: { en: row["titleEn"], zh: row["titleZh"] },
    ...given("station"),
    ...given("job"),
    ...given("priority"),
    trigger: triggers[String(row["trigger"])] ?? { kind: row["trigger"] },
    ...given("withinDays"),
    ...given("isOn"),
  };
  const parsed = PlanFields.safeParse(candidate);
  if (parsed.success) return { fields: parsed.data };
  const path = (parsed.error.issues[0]?.path ?? []).map(String);
  const last = path.at(-1) ?? "code";
  const renamed = COLUMN_OF_FIELD.get(last) ?? last;
  const column = columnsOf().some(({ key }) => key === renamed) ? renamed : "code";
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, column };
}

/** Fields of a plan that are called otherwise in the list. */
const COLUMN_OF_FIELD: ReadonlyMap<string, string> = new Map([
  ["counter", "unit"],
  ["times", "every"],
  ["kind", "trigger"],
  ["en", "titleEn"],
  ["zh", "titleZh"],
]);
