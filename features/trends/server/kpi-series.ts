import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { ShiftFigures } from "@doppelwerk/ports";
import type { Instant } from "@doppelwerk/world";
import type { KpiSeries } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { Stretch } from "./signal-reading.ts";

interface Question extends Stretch {
  readonly kpi: KpiSeries["kpi"];
  readonly line?: string | undefined;
}

/** A value a shift, as the figures of the shift say it. Throws DW_NOT_FOUND where there is no such line. */
export async function kpiSeriesOf(shifts: ShiftFigures | undefined, { kpi, from, to, line }: Question, now: Instant): Promise<KpiSeries> {
  const end = Math.min(to, now);
  const found = from < end ? await shifts?.within(from, end, end, line) : undefined;
  if (found === undefined && line !== undefined && from < end)
    throw new DoppelwerkError("DW_NOT_FOUND", message("trends.noLine", { line: line.slice(0, 200) }));
  const steps = (found?.shifts ?? []).map((shift) => {
    const value = shift[kpi];
    return { from: shift.from, to: shift.to, shift: shift.name, unknownS: shift.unknownS, ...(value !== undefined && { value }) };
  });
  return { kpi, steps };
}
