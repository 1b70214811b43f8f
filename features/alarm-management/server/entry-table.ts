import { faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { EntryFields, fieldsOfEntry } from "../model/entry-kind.ts";
import { titleOf, type Entries } from "./entries.ts";

const head = (key: string) => textsOf(message(`alarmManagement.column.${key}` as "alarmManagement.column.alarm"));
const column = (key: string, kind: "text" | "number" = "text", unit?: string): ListColumn => ({
  key,
  title: head(key),
  kind,
  ...(unit !== undefined && { unit }),
});

const TEXTS = ["cause", "consequence", "response"] as const;
const PLAIN = ["timeToRespondS", "severity", "priority", "class", "setpoint", "deadband", "onDelayS", "offDelayS", "reviewBy"] as const;
const BASES = ["priorityBasis", "setpointBasis", "mayChange"] as const;

/** A row an alarm; of one that was not rationalised its name alone. */
export function entryTable(entries: Entries, viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "alarmDatabase",
    title: textsOf(message("alarmManagement.table")),
    key: "alarm",
    columns: [
      { ...column("alarm"), isRequired: true },
      column("title"),
      column("severity"),
      column("timeToRespondS", "number", "s"),
      column("priority", "number"),
      column("priorityBasis"),
      column("class"),
      ...TEXTS.flatMap((name) => [column(`${name}.en`), column(`${name}.zh`)]),
      column("setpoint", "number"),
      column("setpointBasis"),
      column("deadband", "number"),
      column("onDelayS", "number", "s"),
      column("offDelayS", "number", "s"),
      column("mayChange"),
      column("reviewBy"),
    ],
    async rows(principal, branch) {
      return (await entries.known(viewOf(principal), branch)).map((known) => ({
        alarm: known.id,
        title: titleOf(known).en,
        ...(known.entry && rowOf(fieldsOfEntry(known.entry))),
      }));
    },
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const known = new Map((await entries.known(view, branch)).map((each) => [each.id, each]));
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [row, values] of rows.entries()) {
        const own = known.get(String(values["alarm"]));
        if (own === undefined) {
          faults.push({ row, column: "alarm", message: message("alarmManagement.none", { id: String(values["alarm"]).slice(0, 200) }) });
          continue;
        }
        const read = fieldsOf(values);
        if ("fault" in read) {
          faults.push({ row, column: read.column, message: read.fault });
          continue;
        }
        const { change, fault } = entries.changeOf(view, branch, own, read.fields);
        if (fault) faults.push({ row, column: "priority", message: fault });
        else if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function rowOf(fields: EntryFields): ListRow {
  const texts = TEXTS.flatMap((name) => [
    [`${name}.en`, fields[name].en],
    [`${name}.zh`, fields[name].zh],
  ]);
  const plain = [...PLAIN, ...BASES].flatMap((name) => (fields[name] === undefined || fields[name] === "" ? [] : [[name, fields[name]]]));
  return Object.fromEntries([...texts, ...plain]) as ListRow;
}

type Read = { readonly fields: EntryFields } | { readonly fault: Message; readonly column: string };

function fieldsOf(row: ListRow): Read {
  const candidate = {
    ...Object.fromEntries(TEXTS.map((name) => [name, { en: row[`${name}.en`], zh: row[`${name}.zh`] ?? row[`${name}.en`] }])),
    ...Object.fromEntries(PLAIN.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]]))),
    ...Object.fromEntries(BASES.map((name) => [name, row[name] ?? ""])),
    onDelayS: row["onDelayS"] ?? 0,
    offDelayS: row["offDelayS"] ?? 0,
  };
  const parsed = EntryFields.safeParse(candidate);
  if (parsed.success) return { fields: parsed.data };
  const path = (parsed.error.issues[0]?.path ?? []).map(String);
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, column: path.length > 1 ? path.join(".") : (path[0] ?? "alarm") };
}
