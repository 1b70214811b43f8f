import { documentChange, faultsOf, message, textsOf } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { ListColumn, ListFault, ListTable } from "@doppelwerk/ports";
import type { Change, Instant, Principal } from "@doppelwerk/world";
import type {} from "../message-codes.ts";
import { LIFE_KINDS, LIFE_UNITS, lifeItem } from "../model/life-kind.ts";
import { heldLives, lifeDocumentId } from "./life-items.ts";

const columnsOf = (): readonly ListColumn[] => [
  { key: "code", title: textsOf(message("stationTerminal.column.code")), kind: "text", isRequired: true },
  { key: "name", title: textsOf(message("stationTerminal.column.name")), kind: "text", isRequired: true },
  { key: "what", title: textsOf(message("stationTerminal.column.kind")), kind: "choice", choices: LIFE_KINDS, isRequired: true },
  { key: "station", title: textsOf(message("stationTerminal.column.station")), kind: "text", isRequired: true },
  { key: "unit", title: textsOf(message("stationTerminal.column.unit")), kind: "choice", choices: LIFE_UNITS, isRequired: true },
  { key: "limit", title: textsOf(message("stationTerminal.column.limit")), kind: "number", isRequired: true },
  { key: "warnAt", title: textsOf(message("stationTerminal.column.warnAt")), kind: "number" },
];

/** Tools, moulds and gauges as a list; one that is new is counted from the import on. */
export function lifeTable(viewOf: (principal: Principal) => PlantView, now: () => Instant): ListTable {
  return {
    id: "lifeItems",
    title: textsOf(message("stationTerminal.life.title")),
    columns: columnsOf(),
    key: "code",
    rows: async (principal, branch) => heldLives(viewOf(principal), branch).map(({ since: _since, ...row }) => row),
    async changes(principal, branch, rows) {
      const view = viewOf(principal);
      const reader = view.documents.reader(branch);
      const before = new Map(heldLives(view, branch).map((item) => [item.code, item]));
      const changes: Change[] = [];
      const faults: ListFault[] = [];
      for (const [index, row] of rows.entries()) {
        const candidate = { warnAt: 0.9, ...row, since: before.get(String(row["code"]))?.since ?? now() };
        const parsed = lifeItem.schema.safeParse(candidate);
        if (!parsed.success) {
          const column = String(parsed.error.issues[0]?.path[0] ?? "code");
          faults.push({ row: index, column, message: faultsOf(parsed.error.issues, candidate)[0]! });
          continue;
        }
        const id = lifeDocumentId(parsed.data.code);
        const change = documentChange(lifeItem, id, reader.get(id), parsed.data);
        if (change) changes.push(change);
      }
      return { changes, faults };
    },
  };
}
