import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { carbonFactor, FACTOR_OF, FACTOR_UNITS, FactorFields, FactorName, type StoredFactor } from "../model/carbon-kinds.ts";
import { factorId, factorsOf } from "./documents.ts";

const titleOf = (key: string) => textsOf(message(`footprint.column.${key}` as "footprint.column.zone"));

const columnsOf = (): readonly ListColumn[] => [
  { key: "name", title: titleOf("factor"), kind: "text", isRequired: true },
  { key: "of", title: titleOf("of"), kind: "choice", choices: FACTOR_OF, isRequired: true },
  { key: "unit", title: titleOf("unit"), kind: "choice", choices: FACTOR_UNITS, isRequired: true },
  { key: "kgCO2e", title: titleOf("kg"), kind: "number", unit: "kg", isRequired: true },
  { key: "validFrom", title: titleOf("validFrom"), kind: "text", isRequired: true },
  { key: "validTo", title: titleOf("validTo"), kind: "text" },
  { key: "source", title: titleOf("source"), kind: "text", isRequired: true },
];

/** Emission factors as a table of the lists. */
export function factorTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "carbonFactors",
    title: textsOf(message("footprint.factorList")),
    columns: columnsOf(),
    key: "name",
    rows: async (principal, branch) => factorsOf(viewOf(principal), branch).map((factor) => ({ ...factor }) as ListRow),
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [row, given] of rows.entries()) {
        const read = factorOfRow(given);
        if ("fault" in read) {
          faults.push({ row, column: read.column, message: read.fault });
          continue;
        }
        const id = factorId(read.factor.name);
        const change = documentChange(carbonFactor, id, reader.get(id), read.factor);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function factorOfRow(row: ListRow): { readonly factor: StoredFactor } | { readonly fault: Message; readonly column: string } {
  const name = String(row["name"] ?? "").trim();
  if (!FactorName.safeParse(name).success) return { fault: message("footprint.fault.name", { name: name.slice(0, 60) }), column: "name" };
  const candidate = Object.fromEntries(
    columnsOf().flatMap(({ key }) => (key === "name" || row[key] === undefined || row[key] === "" ? [] : [[key, row[key]]])),
  );
  const parsed = FactorFields.safeParse(candidate);
  if (parsed.success) return { factor: { ...parsed.data, name } };
  const first = String(parsed.error.issues[0]?.path[0] ?? "name");
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, column: columnsOf().some(({ key }) => key === first) ? first : "name" };
}
