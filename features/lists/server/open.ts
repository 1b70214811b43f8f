import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { Open } from "@doppelwerk/kit/server";
import { listTables, type ListTable } from "@doppelwerk/ports";
import type { lists } from "../feature.ts";
import type {} from "../message-codes.ts";
import { headOf } from "../model/rows-of-sheet.ts";
import { writeCsv } from "../model/write-csv.ts";
import { planOf, previewOf } from "./plan.ts";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Lists of documents as CSV and Excel, out and in. */
export const open: Open<typeof lists> = async (ctx) => {
  const tables = ctx.contributions(listTables);
  const tableOf = (id: string): ListTable => {
    const table = tables.all().find((each) => each.id === id);
    if (table === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("lists.none", { id: id.slice(0, 100) }));
    return table;
  };
  return {
    handlers: {
      "lists.all": async ({ principal, branch }) =>
        Promise.all(
          tables.all().map(async (table) => ({
            id: table.id,
            title: table.title,
            columns: table.columns.map(({ choices, ...column }) => ({ ...column, ...(choices && { choices: [...choices] }) })),
            key: table.key,
            rows: (await table.rows(principal, branch)).length,
          })),
        ),
      "lists.file": async ({ principal, branch, params, query: { format, language } }) => {
        const table = tableOf(params.id);
        const rows = await table.rows(principal, branch);
        const sheet = [
          table.columns.map((column) => headOf(column, language)),
          ...rows.map((row) => table.columns.map(({ key }) => row[key])),
        ];
        if (format === "csv") return { body: writeCsv(sheet), type: "text/csv; charset=utf-8; header=present" };
        const { writeXlsx } = await import("../model/write-xlsx.ts");
        return { body: await writeXlsx(table.title[language], sheet), type: XLSX };
      },
      "lists.preview": async ({ principal, branch, params, query, body }) =>
        previewOf(await planOf(tableOf(params.id), { principal, branch, name: query.name, body })),
      "lists.store": async ({ view, principal, branch, params, query: { name, expected, reason }, body }) => {
        const table = tableOf(params.id);
        const plan = await planOf(table, { principal, branch, name, body });
        const [fault] = plan.findings.filter(({ isFault }) => isFault).toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0));
        if (fault) throw new DoppelwerkError("DW_INVALID", message("lists.refused", { line: fault.line ?? 0, fault: fault.message }));
        if (expected !== undefined && expected !== plan.state)
          throw new DoppelwerkError("DW_CONFLICT", message("lists.changedMeanwhile", { title: table.title }));
        if (plan.changes.length > 0)
          await view.documents.apply({
            branch,
            reason: reason || message("lists.logStored", { title: table.title, name }),
            changes: plan.changes,
          });
        return { created: plan.created.length, changed: plan.changed.length };
      },
    },
    ports: {},
    close: async () => {},
  };
};
