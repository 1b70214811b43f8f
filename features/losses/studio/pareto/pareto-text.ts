import { inLanguage, type Language, type Translate } from "@doppelwerk/kit/studio";
import type { ParetoRow } from "../../contract.ts";
import type { ParetoBy } from "../../model/pareto.ts";
import type {} from "../../message-codes.ts";
import { lossText } from "../loss-text.ts";

export interface ParetoWords {
  readonly t: Translate;
  readonly language: Language;
}

/** What a row is called: `S110 · Micro-stop`, `Jam`, `Starved by S110: failed`. */
export function rowText(row: ParetoRow, by: ParetoBy, { t, language }: ParetoWords): string {
  const { station, state, reason, product } = row;
  if (reason !== undefined) return inLanguage(reason.title, language);
  if (by === "product" && state === undefined) return product ?? t("losses.pareto.noProduct");
  const text = state === undefined ? undefined : kindText(row, state, t);
  if (station === undefined) return text ?? "";
  return text === undefined ? station : `${station} · ${text}`;
}

function kindText(row: ParetoRow, state: string, t: Translate): string {
  if (state === "silent") return t("losses.pareto.silent");
  if ((state === "blocked" || state === "starved") && row.waitsFor === undefined && row.cause === undefined)
    return t.or(`machineState.${state}`, state);
  return lossText(
    {
      state,
      seconds: row.seconds,
      ...(row.waitsFor !== undefined && { station: row.waitsFor }),
      ...(row.waitState !== undefined && { stationState: row.waitState }),
      ...(row.cause !== undefined && { cause: row.cause }),
    },
    t,
  );
}
