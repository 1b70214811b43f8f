import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { OctetsAnswer, PlantView } from "@doppelwerk/kit/server";
import { alignedRows } from "@doppelwerk/storage/samples-file";
import { LIVE, SECOND, type Instant, type SignalRecord } from "@doppelwerk/world";
import writeExcelFile from "write-excel-file/node";
import { MAX_COLUMNS } from "../contract.ts";
import type {} from "../message-codes.ts";
import { numericSignal, type Stretch } from "./signal-reading.ts";

interface Question extends Stretch {
  readonly signals: string;
  readonly stepS: number;
}

/** A row a step, a column a signal: its time-weighted mean. Names are texts, so none of them is a formula. Throws DW_FORBIDDEN for what may not be exported. */
export async function tableOf(view: PlantView, { signals: named, from, to, stepS }: Question, now: Instant): Promise<OctetsAnswer> {
  const signals = [...new Set(named.split(",").filter((id) => id !== ""))].map((id) => exportable(view, id));
  if (signals.length > MAX_COLUMNS)
    throw new DoppelwerkError("DW_INVALID", message("trends.tooManyColumns", { max: MAX_COLUMNS, count: signals.length }));
  const head = ["UTC", ...signals.map(headOf)].map((value) => ({ value, type: String, fontWeight: "bold" as const }));
  const rows: object[][] = [head];
  const step = Math.round(stepS * SECOND);
  for await (const { times, columns } of alignedRows(view.history, signals, from, Math.min(to, now), step, "mean")) {
    for (const [row, time] of times.entries()) {
      const cells = columns.map((column) =>
        typeof column[row] === "number" && !Number.isNaN(column[row]) ? { value: column[row], type: Number } : null,
      );
      rows.push([{ value: new Date(time / 1_000).toISOString(), type: String }, ...(cells as object[])]);
    }
  }
  const columns = [{ width: 26 }, ...signals.map(() => ({ width: 20 }))];
  const body = await writeExcelFile(rows as never, { sheet: "Analysis", columns, stickyRowsCount: 1 }).toBuffer();
  return {
    body,
    headers: { "content-disposition": `attachment; filename="analysis-${new Date(from / 1_000).toISOString().slice(0, 10)}.xlsx"` },
  };
}

function exportable(view: PlantView, id: string): SignalRecord {
  const signal = numericSignal(view, id);
  const decision = view.documents.may("export", LIVE, id);
  if (!decision.allowed) throw new DoppelwerkError("DW_FORBIDDEN", decision.why);
  return signal;
}

function headOf({ name, unit }: SignalRecord): string {
  return unit === undefined ? name : `${name} [${unit}]`;
}
