import { message, type Message } from "@doppelwerk/messages";
import { RE2JS } from "re2js";
import { error, info, warning, type Finding } from "../finding.ts";
import { isNumeric } from "../lexical.ts";
import type { ConceptDescription, Submodel, SubmodelElement } from "../metamodel.ts";
import { matchTemplate, meaningKey } from "./match-template.ts";
import { rulesOf, type TemplateRules } from "./template-rules.ts";

const DEEPEST = 64;
const MAX_PATTERN = 1_000;
const MAX_VALUE = 8_192;

/** Concept descriptions by id, for the value lists that they carry. */
export type ConceptsById = (id: string) => ConceptDescription | undefined;

/**
 * What an instance lacks of its template, or has against it. Paths of findings are idShortPaths ("" = the submodel itself);
 * constraints are called as the qualifiers are: `SMT/Cardinality`, `SMT/AllowedValue`, `SMT/AllowedRange`, `SMT/AllowedIdShort`, `SMT/RequiredLang`,
 * `SMT/EitherOr`, and `SMT/ModelType`, `SMT/ValueType`, `SMT/SemanticId`, `SMT/ValueList`, `SMT/Additional` for what the template itself says.
 * Never throws.
 */
export function checkTemplate(instance: Submodel, template: Submodel, concepts: ConceptsById = () => undefined): Finding[] {
  const findings: Finding[] = [];
  if (meaningKey(template.semanticId) !== undefined && meaningKey(instance.semanticId) !== meaningKey(template.semanticId))
    findings.push(error("", "SMT/SemanticId", meaningFound(meaningKey(instance.semanticId), meaningKey(template.semanticId)!)));
  checkChildren(instance, template, "", findings, concepts, 0);
  return findings;
}

function checkChildren(
  instance: Submodel | SubmodelElement,
  template: Submodel | SubmodelElement,
  path: string,
  findings: Finding[],
  concepts: ConceptsById,
  depth: number,
): void {
  if (depth > DEEPEST) return;
  const isList = instance.modelType === "SubmodelElementList";
  const pathOf = (element: SubmodelElement, index: number): string =>
    isList ? `${path}[${index}]` : path === "" ? (element.idShort ?? "") : `${path}.${element.idShort ?? ""}`;
  const { matched, unknown } = matchTemplate(instance, template);
  const groups = new Map<string, string[]>();
  for (const { template: wanted, found } of matched) {
    const rules = rulesOf(wanted);
    const name = wanted.idShort ?? wanted.modelType;
    if (found.length < rules.least && rules.eitherOr === undefined)
      findings.push(error(path, "SMT/Cardinality", message("aas.tooFew", { name, found: found.length, least: rules.least })));
    if (rules.most !== undefined && found.length > rules.most)
      findings.push(error(path, "SMT/Cardinality", message("aas.tooMany", { name, found: found.length, most: rules.most })));
    if (rules.eitherOr !== undefined) groups.set(rules.eitherOr, [...(groups.get(rules.eitherOr) ?? []), ...found.map(() => name)]);
    for (const { element, index } of found) checkElement(element, wanted, rules, pathOf(element, index), findings, concepts, depth);
  }
  for (const [group, there] of groups)
    if (there.length !== 1)
      findings.push(
        error(
          path,
          "SMT/EitherOr",
          there.length === 0 ? message("aas.noneOfGroup", { group }) : message("aas.exactlyOneOfGroup", { group, there: there.join(", ") }),
        ),
      );
  for (const { element, index } of unknown) findings.push(info(pathOf(element, index), "SMT/Additional", message("aas.notInTemplate")));
}

function checkElement(
  element: SubmodelElement,
  template: SubmodelElement,
  rules: TemplateRules,
  path: string,
  findings: Finding[],
  concepts: ConceptsById,
  depth: number,
): void {
  if (element.modelType !== template.modelType) {
    findings.push(
      error(path, "SMT/ModelType", message("aas.otherClassInTemplate", { modelType: element.modelType, modelType2: template.modelType })),
    );
    return;
  }
  const [meaning, wanted] = [meaningKey(element.semanticId), meaningKey(template.semanticId)];
  if (wanted !== undefined && meaning !== wanted)
    findings.push(
      warning(
        path,
        "SMT/SemanticId",
        meaning === undefined ? message("aas.noMeaning", { wanted }) : message("aas.otherMeaningInTemplate", { meaning, wanted }),
      ),
    );
  if ("valueType" in element && "valueType" in template && element.valueType !== template.valueType)
    findings.push(
      warning(
        path,
        "SMT/ValueType",
        message("aas.otherValueTypeInTemplate", { valueType: element.valueType, valueType2: template.valueType }),
      ),
    );
  if (rules.allowedIdShort !== undefined && element.idShort !== undefined && matches(rules.allowedIdShort, element.idShort) === false)
    findings.push(warning(path, "SMT/AllowedIdShort", message("aas.nameNotOfForm", { allowedIdShort: rules.allowedIdShort })));
  if (element.modelType === "MultiLanguageProperty" && element.value !== undefined)
    for (const language of rules.requiredLanguages)
      if (!element.value.some((each) => each.language.toLowerCase().startsWith(language.toLowerCase())))
        findings.push(error(path, "SMT/RequiredLang", message("aas.textMissing", { language })));
  if (element.modelType === "Property" && element.value !== undefined && element.value !== "")
    checkValue(element.value, element, rules, path, findings, concepts);
  checkChildren(element, template, path, findings, concepts, depth + 1);
}

function checkValue(
  value: string,
  element: Extract<SubmodelElement, { readonly modelType: "Property" }>,
  rules: TemplateRules,
  path: string,
  findings: Finding[],
  concepts: ConceptsById,
): void {
  const shown = JSON.stringify(value.slice(0, 80));
  if (rules.choices.length > 0 && !rules.choices.some((choice) => choice.toLowerCase() === value.trim().toLowerCase()))
    findings.push(warning(path, "SMT/AllowedValue", message("aas.notAChoice", { shown, choices: rules.choices.join(", ") })));
  const judged = rules.allowedValues.map((pattern) => matches(pattern, value)).filter((fits) => fits !== undefined);
  if (judged.length > 0 && !judged.includes(true))
    findings.push(error(path, "SMT/AllowedValue", message("aas.notOfForm", { shown, forms: rules.allowedValues.join(", ") })));
  const range = rules.allowedRange;
  if (range !== undefined && isNumeric(element.valueType)) {
    const number = Number(value);
    const isIn =
      (range.isLeastIn ? number >= range.least : number > range.least) && (range.isMostIn ? number <= range.most : number < range.most);
    if (!isIn) findings.push(error(path, "SMT/AllowedRange", message("aas.notInRange", { shown, text: range.text })));
  }
  const values = valueListOf(element, concepts);
  if (
    values.length > 0 &&
    !values.some(({ value: allowed, id }) => allowed === value || id === value || (id !== undefined && id === meaningKey(element.valueId)))
  )
    findings.push(
      error(
        path,
        "SMT/ValueList",
        message("aas.valueListConcept", {
          shown,
          allowed: values
            .slice(0, 12)
            .map(({ value: allowed }) => allowed)
            .join(", "),
        }),
      ),
    );
}

/** The values that the concept of an element allows; empty = it has no list. */
export function valueListOf(element: SubmodelElement, concepts: ConceptsById): readonly { readonly value: string; readonly id?: string }[] {
  const concept = concepts(element.semanticId?.keys.at(-1)?.value ?? "");
  const contents = [...(element.embeddedDataSpecifications ?? []), ...(concept?.embeddedDataSpecifications ?? [])];
  for (const { dataSpecificationContent: content } of contents) {
    const pairs = content?.valueList?.valueReferencePairs ?? [];
    if (pairs.length > 0)
      return pairs.map(({ value, valueId }) => ({ value, ...(valueId?.keys[0] !== undefined && { id: valueId.keys.at(-1)!.value }) }));
  }
  return [];
}

/** Whether the whole text is of the pattern, in time linear in the text; undefined when the pattern is none. */
function matches(pattern: string, text: string): boolean | undefined {
  if (pattern.length > MAX_PATTERN || text.length > MAX_VALUE) return undefined;
  try {
    return RE2JS.compile(pattern).matches(text);
  } catch {
    return undefined;
  }
}

function meaningFound(meaning: string | undefined, wanted: string): Message {
  return meaning === undefined
    ? message("aas.submodelWithoutMeaning", { wanted })
    : message("aas.submodelNotOfTemplate", { meaning, wanted });
}
