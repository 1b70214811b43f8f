import type { Qualifiable, SubmodelElement } from "../metamodel.ts";

/** What a template says about one of its elements, in qualifiers (IDTA "How to write a submodel template"; older templates write the same words without `SMT/`). */
export interface TemplateRules {
  /** How many an instance must have; 0 where the template does not say. */
  readonly least: number;
  /** How many it may have; undefined = any number. */
  readonly most: number | undefined;
  /** Whether the template says how many. */
  readonly isSaid: boolean;
  readonly title?: string;
  readonly info?: string;
  readonly url?: string;
  readonly example?: string;
  readonly initial?: string;
  /** Values that a form offers. */
  readonly choices: readonly string[];
  /** Regular expressions, one of which the whole value must match. */
  readonly allowedValues: readonly string[];
  readonly allowedRange?: AllowedRange;
  /** A regular expression for names. */
  readonly allowedIdShort?: string;
  readonly requiredLanguages: readonly string[];
  /** Name of the group of which exactly one element is there. */
  readonly eitherOr?: string;
}

export interface AllowedRange {
  readonly text: string;
  readonly least: number;
  readonly most: number;
  readonly isLeastIn: boolean;
  readonly isMostIn: boolean;
}

/** What a qualifier is called without the `SMT/` that one template writes twice. */
function wordOf(type: string): string {
  return type.replace(/^(SMT\/)+/, "");
}

const WORDS =
  /^(Cardinality|Multiplicity|EitherOr|AllowedRange|AllowedValue|AllowedIdShort|RequiredLang|DefaultValue|InitialValue|ExampleValue|Example|AccessMode|FormTitle|FormInfo|FormUrl|FormTag|FormChoices|Form[A-Z]\w*|EditIdShort|EditDescription|PresetIdShort|Naming)(\/|$)/;

/** Whether a qualifier speaks of the template and has no place in an instance. */
export function isTemplateQualifier({ type, kind }: { readonly type: string; readonly kind?: string }): boolean {
  return kind === "TemplateQualifier" || WORDS.test(wordOf(type));
}

const numbers: Readonly<Record<string, number>> = { zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5 };

/** `One`, `ZeroToMany`, `TwoToMany`, `Three`; undefined when it is none of these (`Recursive`). */
export function cardinalityOf(text: string): { readonly least: number; readonly most: number | undefined } | undefined {
  const [from = "", to] = text.trim().toLowerCase().split("to", 2);
  const least = numbers[from];
  if (least === undefined) return undefined;
  if (to === undefined) return { least, most: least };
  if (to === "many") return { least, most: undefined };
  const most = numbers[to];
  return most === undefined || most < least ? undefined : { least, most };
}

/** `[0,100]`, `(0;1]`, `ZeroToInf`; undefined when it is none of these. */
export function rangeOf(text: string): AllowedRange | undefined {
  if (/^zerotoinf$/i.test(text.trim())) return { text, least: 0, most: Number.POSITIVE_INFINITY, isLeastIn: true, isMostIn: false };
  const parts = /^([[(])\s*([^,;\s]*)\s*[,;]\s*([^,;\s]*)\s*([\])])$/.exec(text.trim());
  if (parts === null) return undefined;
  const least = parts[2] === "" || /^-inf/i.test(parts[2]!) ? Number.NEGATIVE_INFINITY : Number(parts[2]);
  const most = parts[3] === "" || /^\+?inf/i.test(parts[3]!) ? Number.POSITIVE_INFINITY : Number(parts[3]);
  if (Number.isNaN(least) || Number.isNaN(most)) return undefined;
  return { text, least, most, isLeastIn: parts[1] === "[", isMostIn: parts[4] === "]" };
}

/** Reads the qualifiers of an element of a template. What it does not say is not demanded. Never throws. */
export function rulesOf(element: SubmodelElement | Qualifiable): TemplateRules {
  const rules: { -readonly [Key in keyof TemplateRules]: TemplateRules[Key] } = {
    least: 0,
    most: undefined,
    isSaid: false,
    choices: [],
    allowedValues: [],
    requiredLanguages: [],
  };
  for (const { type, value } of element.qualifiers ?? []) {
    const word = wordOf(type);
    if (value === undefined || value === "") continue;
    if (word === "Cardinality" || word === "Multiplicity") {
      const said = cardinalityOf(value);
      if (said !== undefined) Object.assign(rules, said, { isSaid: true });
    } else if (word === "FormTitle") rules.title = value;
    else if (word === "FormInfo") rules.info = value;
    else if (word === "FormUrl") rules.url = value;
    else if (/^Example(Value)?(\/|$)/.test(word)) rules.example ??= value;
    else if (word === "DefaultValue" || word === "InitialValue") rules.initial = value;
    else if (word === "FormChoices") rules.choices = partsOf(value, ";");
    else if (/^AllowedValue(\/|$)/.test(word)) rules.allowedValues = [...rules.allowedValues, value];
    else if (word === "AllowedIdShort") rules.allowedIdShort = value;
    else if (/^RequiredLang(\/|$)/.test(word)) rules.requiredLanguages = [...rules.requiredLanguages, ...partsOf(value, /[,;\s]+/)];
    else if (word === "EitherOr") rules.eitherOr = value;
    else if (word === "AllowedRange") {
      const range = rangeOf(value);
      if (range !== undefined) rules.allowedRange = range;
    }
  }
  return rules;
}

function partsOf(text: string, at: string | RegExp): readonly string[] {
  return text
    .split(at)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
