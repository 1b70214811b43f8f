import { fixedText, messageText, percentText, withUnit, type Translate } from "@doppelwerk/kit/studio";
import type { FigureAudit } from "@doppelwerk/ports";

const signs = { sum: " + ", difference: " − ", quotient: " ÷ ", product: " × " } as const;

/** A number in its unit, exact enough to compute with: whole units and seconds, a ratio to a tenth of a per cent. */
export function quantityText(value: number | undefined, unit: string, t: Translate): string {
  if (value === undefined) return t("audit.unknown");
  if (unit === "units") return t("audit.unit.units", { value: Number(value.toFixed(1)) });
  if (unit === "alarms") return t("audit.unit.alarms", { value });
  if (unit === "ratio") return percentText(value);
  if (unit === "perHour") return t("audit.unit.perHour", { value: fixedText(value, 1) });
  if (unit === "s") return withUnit(grouped(Math.round(value)), "s");
  // money in its smallest coin, anything else to a thousandth
  return withUnit(/^[A-Z]{3}$/.test(unit) ? fixedText(value, 2) : fixedText(value, 3).replace(/\.?0+$/, ""), unit);
}

/** At most so many terms stand in a line; the list of an open figure has all of them. */
const MAX_TERMS = 6;

/** `23,320 s ÷ 25,800 s = 90.4 %`; undefined where the figure is no combination of others. */
export function equationText({ operator, terms, value, unit }: FigureAudit, t: Translate): string | undefined {
  if (operator === undefined || terms.length === 0) return undefined;
  const shown = terms.slice(0, terms.length > MAX_TERMS ? MAX_TERMS - 1 : MAX_TERMS).map((term) => quantityText(term.value, term.unit, t));
  if (terms.length > shown.length) shown.push(t("audit.moreTerms", { count: terms.length - shown.length }));
  return `${shown.join(signs[operator])} = ${quantityText(value, unit, t)}`;
}

/** `Actual production time ÷ Planned busy time`. */
export function formulaText({ operator, terms }: FigureAudit): string | undefined {
  if (operator === undefined || terms.length === 0) return undefined;
  return terms.map(({ title }) => messageText("", title)).join(signs[operator]);
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
