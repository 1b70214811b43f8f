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
  return withUnit(/^[A-Z]{3}$/.test(unit) ? withCommas(fixedText(value, 2)) : withCommas(trimmed(fixedText(value, 3))), unit);
}

/** At most so many terms stand in a line; the list of an open figure has all of them. */
const MAX_TERMS = 6;

/** `23,320 s ÷ 25,800 s = 90.4 %`, `14,344 + 127 = 14,471 s`; undefined where the figure is no combination of others. */
export function equationText({ operator, terms, value, unit }: FigureAudit, t: Translate): string | undefined {
  if (operator === undefined || terms.length === 0) return undefined;
  // a sum of one is what it is the sum of
  if (operator === "sum" && terms.length === 1) return undefined;
  // what is added up is all of one unit
  const isPlain = (operator === "sum" || operator === "difference") && terms.every((term) => term.unit === unit);
  const shown = terms.slice(0, terms.length > MAX_TERMS ? MAX_TERMS - 1 : MAX_TERMS);
  const texts = shown.map((term, index) => {
    const isTakenAway = operator === "sum" && index > 0 && (term.value ?? 0) < 0;
    const amount = isTakenAway ? -term.value! : term.value;
    const text = isPlain ? numberOf(amount, unit, t) : quantityText(amount, term.unit, t);
    return index === 0 ? text : `${isTakenAway ? signs.difference : signs[operator]}${text}`;
  });
  if (terms.length > shown.length) texts.push(`${signs[operator]}${t("audit.moreTerms", { count: terms.length - shown.length })}`);
  return `${texts.join("")} = ${quantityText(value, unit, t)}`;
}

/** Without its unit. */
function numberOf(value: number | undefined, unit: string, t: Translate): string {
  if (value === undefined) return t("audit.unknown");
  if (unit === "s") return grouped(Math.round(value));
  if (unit === "units" || unit === "alarms") return withCommas(trimmed(fixedText(value, 1)));
  return quantityText(value, unit === "ratio" || unit === "perHour" ? unit : "", t);
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

function grouped(value: number): string {
  return withCommas(fixedText(value, 0));
}

/** Thousands apart, before the point. */
function withCommas(text: string): string {
  const [whole = "", ...rest] = text.split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...rest].join(".");
}

const trimmed = (text: string): string => text.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
