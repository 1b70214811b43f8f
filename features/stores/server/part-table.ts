import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { partDocumentId, PartFields, sparePart } from "../model/part-kind.ts";
import { partsOf } from "./parts.ts";

const COLUMNS: readonly (readonly [key: string, kind: ListColumn["kind"], isRequired?: true])[] = [
  ["number", "text", true],
  ["title.en", "text", true],
  ["title.zh", "text", true],
  ["unit", "text"],
  ["place", "text"],
  ["minimum", "number"],
  ["reorder", "number"],
  ["leadDays", "number"],
  ["fits", "text"],
  ["price", "number"],
  ["currency", "text"],
  ["isRetired", "yesNo"],
];

/** Spare parts, a row each. Their stock is not in it: it follows from movements alone. */
export function partTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "spareParts",
    title: textsOf(message("stores.parts")),
    key: "number",
    columns: COLUMNS.map(([key, kind, isRequired]) => ({
      key,
      title: textsOf(message(`stores.field.${key}` as "stores.field.number")),
      kind,
      ...(key === "leadDays" && { unit: "d" }),
      ...(isRequired && { isRequired }),
    })),
    async rows(principal, branch) {
      return partsOf(viewOf(principal), branch).map(rowOf);
    },
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [at, row] of rows.entries()) {
        const read = fieldsOf(row);
        if ("fault" in read) {
          faults.push({ row: at, column: read.column, message: read.fault });
          continue;
        }
        const id = partDocumentId(read.fields.number);
        const change = documentChange(sparePart, id, reader.get(id), read.fields);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function rowOf({ title, fits, ...fields }: PartFields): ListRow {
  return { ...fields, "title.en": title.en, "title.zh": title.zh, ...(fits.length > 0 && { fits: fits.join(", ") }) } as ListRow;
}

type Read = { readonly fields: PartFields } | { readonly fault: Message; readonly column: string };

function fieldsOf(row: ListRow): Read {
  const given = Object.fromEntries(
    Object.entries(row).filter(([key, value]) => value !== "" && !key.startsWith("title.") && key !== "fits"),
  );
  const candidate = {
    ...given,
    number: String(row["number"] ?? ""),
    title: { en: String(row["title.en"] ?? ""), zh: String(row["title.zh"] ?? "") },
    fits: String(row["fits"] ?? "")
      .split(/[,;\n]/)
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  };
  const read = PartFields.safeParse(candidate);
  if (read.success) return { fields: read.data };
  const path = read.error.issues[0]!.path.map(String);
  const column = COLUMNS.find(([key]) => key === path.join(".") || key === path[0] || key.startsWith(`${path[0]}.`))?.[0] ?? "number";
  return { column, fault: faultsOf(read.error.issues, candidate)[0]! };
}
