import { fixedText, messageText, percentText, withUnit, type Translate } from "@doppelwerk/kit/studio";
import type { FigureAudit } from "@doppelwerk/ports";
import { isMoney, pointsOf, printedOf } from "../model/printed-formula.ts";

const signs = { sum: " + ", difference: " − ", quotient: " ÷ ", product: " × " } as const;

/** A number in its unit: whole seconds, a ratio to a tenth of a per cent; `more` digits where a formula needs them. */
export function quantityText(value: number | undefined, unit: string, t: Translate, more = 0): string {
  if (value === undefined) return t("audit.unknown");
  const points = pointsOf(unit) + more;
  if (unit === "units") return t("audit.unit.units", { value: Number(value.toFixed(points)) });
  if (unit === "alarms") return t("audit.unit.alarms", { value });
  if (unit === "ratio") return percentText(value, points);
  if (unit === "perHour") return t("audit.unit.perHour", { value: fixedText(value, points) });
  const text = withCommas(fixedText(value, points));
  return withUnit(unit === "s" || isMoney(unit) ? text : trimmed(text), unit);
}

/** At most so many terms stand in a line; the list of an open figure has all of them. */
const MAX_TERMS = 6;

/**
 * `23,320 s ÷ 25,800 s = 90.4 %`, `14,344 + 127 = 14,471 s`; undefined where the figure is no combination of others. It has as many digits as make the printed
 * terms give the printed value; where none do, `≈` says so.
 */
export function equationText(figure: FigureAudit, t: Translate): string | undefined {
  const { operator, terms, value, unit } = figure;
  if (operator === undefined || terms.length === 0) return undefined;
  // a sum of one is what it is the sum of
  if (operator === "sum" && terms.length === 1) return undefined;
  const { more, isExact } = printedOf(figure);
  // what is added up is all of one unit
  const isPlain = (operator === "sum" || operator === "difference") && terms.every((term) => term.unit === unit);
  const shown = terms.slice(0, terms.length > MAX_TERMS ? MAX_TERMS - 1 : MAX_TERMS);
  const texts = shown.map((term, index) => {
    const isTakenAway = operator === "sum" && index > 0 && (term.value ?? 0) < 0;
    const amount = isTakenAway ? -term.value! : term.value;
    const text = isPlain ? numberOf(amount, unit, t, more) : quantityText(amount, term.unit, t, more);
    return index === 0 ? text : `${isTakenAway ? signs.difference : signs[operator]}${text}`;
  });
  if (terms.length > shown.length) texts.push(`${signs[operator]}${t("audit.moreTerms", { count: terms.length - shown.length })}`);
  return `${texts.join("")} ${isExact ? "=" : "≈"} ${quantityText(value, unit, t, more)}`;
}

/** Without its unit. */
function numberOf(value: number | undefined, unit: string, t: Translate, more: number): string {
  if (value === undefined) return t("audit.unknown");
  if (unit === "ratio" || unit === "perHour") return quantityText(value, unit, t, more);
  const text = withCommas(fixedText(value, pointsOf(unit) + more));
  return unit === "s" || isMoney(unit) ? text : trimmed(text);
}

/** `Actual production time ÷ Planned busy time`. */
export function formulaText({ operator, terms }: FigureAudit): string | undefined {
  if (operator === undefined || terms.length === 0) return undefined;
  return terms.map(({ title }) => messageText("", title)).join(signs[operator]);
}

/** Seconds of a piece, to a tenth. */
export function secondsText(seconds: number): string {
  return withUnit(withCommas(fixedText(seconds, 1)), "s");
}

/** Thousands apart, before the point. */
function withCommas(text: string): string {
  const [whole = "", ...rest] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

const trimmed = (text: string): string => text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
