import { documentChange, faultsOf, message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListRow, ListTable } from "@doppelwerk/ports";
import type { Change, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { defectCode, defectCodeText, DefectFields } from "../model/defect-kind.ts";
import { defectDocumentId, heldDefects } from "./defect-codes.ts";

/** What has no place of its own comes last. */
const LAST = 9_999;

const columnsOf = (): readonly ListColumn[] => [
  { key: "code", title: textsOf(message("stationTerminal.column.code")), kind: "text", isRequired: true },
  { key: "title.en", title: textsOf(message("stationTerminal.column.titleEn")), kind: "text", isRequired: true },
  { key: "title.zh", title: textsOf(message("stationTerminal.column.titleZh")), kind: "text", isRequired: true },
  { key: "order", title: textsOf(message("stationTerminal.column.order")), kind: "number" },
  { key: "stations", title: textsOf(message("stationTerminal.column.stations")), kind: "text" },
  { key: "isRetired", title: textsOf(message("stationTerminal.column.isRetired")), kind: "yesNo" },
];

/** Codes of defects as a list that is exported and imported. */
export function defectTable(viewOf: (principal: Principal) => PlantView): ListTable {
  return {
    id: "defectCodes",
    title: textsOf(message("stationTerminal.defects.title")),
    columns: columnsOf(),
    key: "code",
    rows: async (principal, branch) =>
      heldDefects(viewOf(principal), branch).map(({ code, fields: { title, order, stations, isRetired } }): ListRow => ({
        code,
        "title.en": title.en,
        "title.zh": title.zh,
        order,
        ...(stations.length > 0 && { stations: stations.join(", ") }),
        isRetired,
      })),
    async changes(principal, branch, rows) {
      const reader = viewOf(principal).documents.reader(branch);
      const changes: Change[] = [];
      const faults: ListFault[] = [];
      for (const [index, row] of rows.entries()) {
        const code = String(row["code"]);
        if (!defectCodeText.safeParse(code).success) {
          faults.push({ row: index, column: "code", message: message("stationTerminal.fault.code", { code: code.slice(0, 100) }) });
          continue;
        }
        const candidate = {
          title: { en: row["title.en"], zh: row["title.zh"] },
          order: row["order"] ?? LAST,
          stations: namesIn(row["stations"]),
          isRetired: row["isRetired"] ?? false,
        };
        const parsed = DefectFields.safeParse(candidate);
        if (!parsed.success) {
          const path = (parsed.error.issues[0]?.path ?? []).map(String);
          const column = columnsOf().find(({ key }) => key === path.join(".") || key === path[0])?.key ?? "code";
          faults.push({ row: index, column, message: faultsOf(parsed.error.issues, candidate)[0]! });
          continue;
        }
        const id = defectDocumentId(code);
        const change = documentChange(defectCode, id, reader.get(id), { ...parsed.data, code });
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}

const namesIn = (given: unknown): readonly string[] =>
  String(given ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
