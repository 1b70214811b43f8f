import { documentChange, faultsOf, message, textsOf, type Message } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { lossReason, reasonCode, ReasonFields, TIME_ELEMENTS } from "../model/reason-kind.ts";
import type { HeldReason } from "../model/reason-tree.ts";
import { heldReasons, reasonDocumentId } from "./reasons.ts";

const titleOf = (key: string) => textsOf(message(`losses.column.${key}` as "losses.column.code"));

/** The tree of reasons, a row a group or a reason; the code says which group it is in. */
const columnsOf = (): readonly ListColumn[] => [
  { key: "code", title: titleOf("code"), kind: "text", isRequired: true },
  { key: "title.en", title: titleOf("titleEn"), kind: "text", isRequired: true },
  { key: "title.zh", title: titleOf("titleZh"), kind: "text", isRequired: true },
  { key: "element", title: titleOf("element"), kind: "choice", choices: TIME_ELEMENTS, isRequired: true },
  { key: "order", title: titleOf("order"), kind: "number" },
  { key: "stations", title: titleOf("stations"), kind: "text" },
  { key: "isRetired", title: titleOf("isRetired"), kind: "yesNo" },
];

export function reasonTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "lossReasons",
    title: textsOf(message("losses.tree.title")),
    columns: columnsOf(),
    key: "code",
    rows: async (principal, branch) => heldReasons(viewOf(principal), branch).map(rowOf),
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const reader = view.documents.reader(branch);
      // a group may come with its reasons in one file, in any order
      const known = new Set([...heldReasons(view, branch).map(({ code }) => code), ...rows.map((row) => String(row["code"]))]);
      const [changes, faults]: [Change[], ListFault[]] = [[], []];
      for (const [at, row] of rows.entries()) {
        const read = fieldsOf(row, known);
        if ("fault" in read) {
          faults.push({ row: at, column: read.column, message: read.fault });
          continue;
        }
        const id = reasonDocumentId(read.code);
        const change = documentChange(lossReason, id, reader.get(id), { ...read.fields, code: read.code });
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

function rowOf({ code, fields: { title, element, order, stations, isRetired } }: HeldReason): ListRow {
  return {
    code,
    "title.en": title.en,
    "title.zh": title.zh,
    element,
    order,
    ...(stations.length > 0 && { stations: stations.join(", ") }),
    isRetired,
  };
}

type ReadRow = { readonly code: string; readonly fields: ReasonFields } | { readonly fault: Message; readonly column: string };

function fieldsOf(row: ListRow, known: ReadonlySet<string>): ReadRow {
  const code = String(row["code"]);
  if (!reasonCode.safeParse(code).success) return { fault: message("losses.fault.code", { code: code.slice(0, 100) }), column: "code" };
  const [group] = code.split(".");
  if (!known.has(group!)) return { fault: message("losses.noReason", { code: group! }), column: "code" };
  const candidate = {
    title: { en: row["title.en"], zh: row["title.zh"] },
    element: row["element"],
    order: row["order"] ?? MAX_ORDER,
    stations: String(row["stations"] ?? "")
      .split(",")
      .map((station) => station.trim())
      .filter((station) => station !== ""),
    isRetired: row["isRetired"] ?? false,
  };
  const parsed = ReasonFields.safeParse(candidate);
  if (parsed.success) return { code, fields: parsed.data };
  const path = (parsed.error.issues[0]?.path ?? []).map(String);
  const column = columnsOf().find(({ key }) => key === path.join(".") || key === path[0])?.key ?? "code";
  return { fault: faultsOf(parsed.error.issues, candidate)[0]!, column };
}

/** What has no place of its own comes last. */
const MAX_ORDER = 9_999;
