import { fixedText, messageText, percentText, withUnit, type Translate } from "@doppelwerk/kit/studio";
import type { FigureAudit } from "@doppelwerk/ports";

const signs = { sum: " + ", difference: " − ", quotient: " ÷ ", product: " × " } as const;

/** A number in its unit, exact enough to compute with: whole units and seconds, a ratio to a tenth of a per cent. */
export function quantityText(value: number | undefined, unit: string, t: Translate): string {
  if (value === undefined) return t("audit.unknown");
  if (unit === "units") return t("audit.unit.units", { value });
  if (unit === "alarms") return t("audit.unit.alarms", { value });
  if (unit === "ratio") return percentText(value);
  if (unit === "perHour") return t("audit.unit.perHour", { value: fixedText(value, 1) });
  if (unit === "s") return withUnit(grouped(Math.round(value)), "s");
  return withUnit(fixedText(value, 3).replace(/\.?0+$/, ""), unit);
}

/** `23,320 s ÷ 25,800 s = 90.4 %`; undefined where the figure is no combination of others. */
export function equationText({ operator, terms, value, unit }: FigureAudit, t: Translate): string | undefined {
  if (operator === undefined || terms.length === 0) return undefined;
  return `${terms.map((term) => quantityText(term.value, term.unit, t)).join(signs[operator])} = ${quantityText(value, unit, t)}`;
}

/** `Actual production time ÷ Planned busy time`. */
export function formulaText({ operator, terms }: FigureAudit): string | undefined {
  if (operator === undefined || terms.length === 0) return undefined;
  return terms.map(({ title }) => messageText("", title)).join(signs[operator]);
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
