import {
  durationText,
  fixedText,
  messageText,
  numberText,
  percentText,
  SECOND,
  useWords,
  withUnit,
  type Language,
} from "@doppelwerk/kit/studio";
import { elementOf, INDICATORS } from "@doppelwerk/operations";
import type { IndicatorsAnswer, KnownIndicator, OwnKpi } from "../../contract.ts";
import type {} from "../../message-codes.ts";

type Translate = ReturnType<typeof useWords>["t"];
type Reason = KnownIndicator["unknown"][number];
type Input = KnownIndicator["inputs"][number];
type OwnValue = IndicatorsAnswer["own"][number];

const KNOWN: ReadonlyMap<string, (typeof INDICATORS)[number]> = new Map(INDICATORS.map((indicator) => [indicator.id, indicator]));

/** With the signs that people write. */
export function formulaText(formula: string): string {
  return formula.replaceAll(" * ", " × ").replaceAll(" / ", " ÷ ").replaceAll(" - ", " − ");
}

/** What the symbol of an element or the id of a KPI stands for; anything else is its own name. */
export function useNames(): (name: string) => string {
  const { t } = useWords();
  return (name) => {
    if (elementOf(name)) return `${t(`kpis.element.${name}` as never)} (${name})`;
    return KNOWN.has(name) ? t(`kpis.indicator.${name}` as never) : name;
  };
}

/** A dash where it is not known. */
export function valueOfIndicator({ value, unit }: Pick<KnownIndicator, "value" | "unit">, t: Translate, language: Language): string {
  if (value === undefined) return "–";
  switch (unit) {
    case "ratio":
      return percentText(value);
    case "perHour":
      return withUnit(numberText(value * 3_600, 0.1), t("kpis.indicators.unit.perHour"));
    case "duration":
      return durationText(value * SECOND, language);
    case "perUnit":
      return withUnit(numberText(value, 0.001), t("kpis.indicators.unit.perUnit"));
    case "index":
    case "turns":
      return numberText(value, 0.01);
  }
}

export function valueOfOwn({ value, fields: { unit, digits } }: Pick<OwnValue, "value"> & Pick<OwnKpi, "fields">): string {
  if (value === undefined) return "–";
  return unit === "%" ? percentText(value, digits) : withUnit(fixedText(value, digits), unit);
}

/** A number of a formula with its unit: `APT 24,000 s`. */
export function inputText({ of, ...input }: Input, names: (name: string) => string, language: Language): string {
  const text = plainInputText(input, names, language);
  return of === undefined ? text : `${text} (${messageText("", of)})`;
}

function plainInputText({ name, value }: Omit<Input, "of">, names: (name: string) => string, language: Language): string {
  if (value === undefined) return `${name} –`;
  const element = elementOf(name);
  if (element === undefined) {
    const known = KNOWN.get(name);
    if (known?.unit === "ratio") return `${names(name)} ${percentText(value)}`;
    return `${known === undefined ? name : names(name)} ${known?.unit === "duration" ? durationText(value * SECOND, language) : numberText(value)}`;
  }
  const { dimension } = element;
  if (dimension["s"] === 1) return `${name} ${withUnit(numberText(value, 0.1), "s")}`;
  return `${name} ${dimension["kWh"] === undefined ? numberText(value) : withUnit(numberText(value, 0.1), "kWh")}`;
}

/** Why a KPI has no value: what is not recorded in one list, then the rest. */
export function whyText(reasons: readonly Reason[], names: (name: string) => string, t: Translate): string {
  const missing = reasons.flatMap(({ kind, name, why = [] }) =>
    kind === "missing" ? [[names(name ?? ""), why.map((each) => messageText("", each)).join("; ")].filter(Boolean).join(" – ")] : [],
  );
  const others = reasons.filter(({ kind }) => kind !== "missing");
  return [
    ...(missing.length === 0 ? [] : [t("kpis.indicators.why.missing", { names: missing.join(", ") })]),
    ...others.map(({ kind, names: circle = [] }) => otherText(kind, circle.join(" → "), t)),
  ].join("; ");
}

function otherText(kind: string, names: string, t: Translate): string {
  switch (kind) {
    case "dividedByZero":
    case "rootOfNegative":
    case "notANumber":
    case "overflow":
      return t(`kpis.indicators.why.${kind}`);
    default:
      return t("kpis.indicators.why.cycle", { names });
  }
}
