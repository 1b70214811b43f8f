import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { formulaFault } from "../model/formula-findings.ts";
import { KpiName, ownKpi, OwnKpiFields } from "../model/own-kpi-kind.ts";
import { listOwnKpis, ownKpiDocumentId } from "./own-kpis.ts";

const titleOf = (key: string) => textsOf(message(`kpis.column.${key}` as "kpis.column.name"));

/** Own KPIs, a row each. */
export function ownKpiTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "ownKpis",
    title: textsOf(message("kpis.own.title")),
    key: "name",
    columns: [
      { key: "name", title: titleOf("name"), kind: "text", isRequired: true },
      { key: "title.en", title: titleOf("title.en"), kind: "text", isRequired: true },
      { key: "title.zh", title: titleOf("title.zh"), kind: "text" },
      { key: "formula", title: titleOf("formula"), kind: "text", isRequired: true },
      { key: "unit", title: titleOf("unit"), kind: "text" },
      { key: "digits", title: titleOf("digits"), kind: "number" },
      { key: "better", title: titleOf("better"), kind: "choice", choices: ["more", "less"] },
    ],
    async rows(principal, branch) {
      return listOwnKpis(viewOf(principal), branch).map(({ name, fields: { title, unit, ...plain } }) => ({
        name,
        "title.en": title.en,
        "title.zh": title.zh,
        ...(unit !== "" && { unit }),
        ...plain,
      }));
    },
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const [changes, faults, whole]: [Change[], ListFault[], { row: number; name: string; fields: OwnKpiFields }[]] = [[], [], []];
      for (const [row, values] of rows.entries()) {
        const read = fieldsOf(values);
        if ("fault" in read) faults.push({ row, column: read.column, message: read.fault });
        else whole.push({ row, ...read });
      }
      // they may name each other: each is looked at among all as they would be
      const names = new Set(whole.map(({ name }) => name));
      const others = [...listOwnKpis(view, branch).filter(({ name }) => !names.has(name)), ...whole].map(
        ({ name, fields: { formula } }) => ({ name, formula }),
      );
      for (const { row, name, fields } of whole) {
        const id = ownKpiDocumentId(name);
        const fault = view.hides(branch, id)
          ? message("kpis.own.nameUsed")
          : formulaFault({ name, formula: fields.formula }, others, (signal) => view.signal(signal));
        const change = documentChange(ownKpi, id, view.documents.reader(branch).get(id), { ...fields, name });
        if (fault) faults.push({ row, column: "formula", message: fault });
        else if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

type Read = { readonly name: string; readonly fields: OwnKpiFields } | { readonly fault: Message; readonly column: string };

function fieldsOf(row: ListRow): Read {
  const candidate = {
    title: { en: row["title.en"], zh: row["title.zh"] ?? row["title.en"] },
    formula: row["formula"],
    unit: row["unit"] ?? "",
    digits: row["digits"] ?? 1,
    better: row["better"] ?? "more",
  };
  const name = KpiName.safeParse(row["name"]);
  if (!name.success) return { column: "name", fault: faultsOf(name.error.issues, row["name"])[0]! };
  const fields = OwnKpiFields.safeParse(candidate);
  if (fields.success) return { name: name.data, fields: fields.data };
  return { column: fields.error.issues[0]!.path.join("."), fault: faultsOf(fields.error.issues, candidate)[0]! };
}
