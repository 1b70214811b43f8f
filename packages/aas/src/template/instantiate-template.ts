import { childrenOf } from "../id-short-path.ts";
import { isLexical } from "../lexical.ts";
import type { ValueType } from "../value-type.ts";
import type { Submodel, SubmodelElement } from "../metamodel.ts";
import { nameWithoutCounter } from "./match-template.ts";
import { isTemplateQualifier, rulesOf } from "./template-rules.ts";

export interface Instantiation {
  /** Optional elements too, else only what an instance must have. */
  readonly withOptional?: boolean;
  /** The template's examples as values, else only what it says is there at the beginning. */
  readonly withExamples?: boolean;
}

type Fields = Record<string, unknown>;

/** An instance of a template: its semantic ids and what it must have, without what speaks of the template only. */
export function instantiateTemplate(template: Submodel, id: string, options: Instantiation = {}, idShort = template.idShort): Submodel {
  const { qualifiers: _, kind: __, submodelElements: ___, administration, id: templateId, extensions: ____, ...rest } = template;
  const { templateId: ofTemplate = templateId, createdAt: _____, updatedAt: ______, ...version } = administration ?? {};
  const elements = childrenFrom(template, options);
  return {
    ...rest,
    ...(idShort !== undefined && { idShort }),
    id,
    kind: "Instance",
    administration: { ...version, templateId: ofTemplate },
    ...(elements.length > 0 && { submodelElements: elements }),
  };
}

/** An element of an instance made of one of a template; `taken` = names that its neighbours have. */
export function elementFromTemplate(
  template: SubmodelElement,
  options: Instantiation = {},
  taken: ReadonlySet<string> = new Set(),
  inList = false,
): SubmodelElement {
  const { qualifiers, idShort, ...rest } = template;
  const kept = (qualifiers ?? []).filter((qualifier) => !isTemplateQualifier(qualifier));
  const fields: Fields = {
    ...rest,
    ...(!inList && idShort !== undefined && { idShort: freeName(template, idShort, taken) }),
    ...(kept.length > 0 && { qualifiers: kept }),
  };
  switch (template.modelType) {
    case "Property":
      setValue(fields, "value", firstLexical(template.valueType, startOf(template, options)));
      break;
    case "Range":
      if (options.withExamples !== true) {
        delete fields["min"];
        delete fields["max"];
      }
      break;
    case "MultiLanguageProperty": {
      const text = startOf(template, options)[0];
      if (options.withExamples === true && template.value !== undefined) break;
      setValue(fields, "value", text === undefined ? undefined : [{ language: "en", text: text.replace(/@[a-z]{2}$/, "") }]);
      break;
    }
    case "File":
    case "Blob":
    case "ReferenceElement":
      if (options.withExamples !== true) delete fields["value"];
      break;
    case "SubmodelElementCollection":
      setChildren(fields, "value", childrenFrom(template, options));
      break;
    case "SubmodelElementList":
      setChildren(fields, "value", childrenFrom(template, options));
      break;
    case "Entity":
      setChildren(fields, "statements", childrenFrom(template, options));
      break;
    case "AnnotatedRelationshipElement":
      setChildren(fields, "annotations", childrenFrom(template, options));
      break;
    default:
      break;
  }
  return fields as unknown as SubmodelElement;
}

function childrenFrom(parent: Submodel | SubmodelElement, options: Instantiation): readonly SubmodelElement[] {
  const taken = new Set<string>();
  const inList = parent.modelType === "SubmodelElementList";
  return childrenOf(parent).flatMap((template) => {
    const { least } = rulesOf(template);
    const count = options.withOptional === true ? Math.max(1, least) : least;
    return Array.from({ length: count }, () => {
      const element = elementFromTemplate(template, options, taken, inList);
      if (element.idShort !== undefined) taken.add(element.idShort);
      return element;
    });
  });
}

/** What a value begins with: what the template sets, else its example where examples are wanted. */
function startOf(template: SubmodelElement, { withExamples = false }: Instantiation): readonly string[] {
  const { initial, example } = rulesOf(template);
  const own = template.modelType === "Property" ? template.value : undefined;
  return [initial, ...(withExamples ? [own, example] : [])].filter((text) => text !== undefined && text !== "") as readonly string[];
}

function firstLexical(type: ValueType, texts: readonly string[]): string | undefined {
  return texts.find((text) => isLexical(text, type));
}

function setValue(fields: Fields, name: string, value: unknown): void {
  if (value === undefined) delete fields[name];
  else fields[name] = value;
}

/** An empty list of elements is no attribute in the metamodel. */
function setChildren(fields: Fields, name: string, children: readonly SubmodelElement[]): void {
  setValue(fields, name, children.length === 0 ? undefined : children);
}

/** `Phone{00}` → `Phone`, or with the next number where there may be many: `Document01`, `Document02`. */
function freeName(template: SubmodelElement, idShort: string, taken: ReadonlySet<string>): string {
  const { most } = rulesOf(template);
  const base = nameWithoutCounter(idShort);
  const isCounted = base !== idShort && most !== 1;
  const plain = /[{}]|__/.test(idShort) ? base : idShort;
  if (!isCounted && !taken.has(plain)) return plain;
  for (let number = 1; ; number++) {
    const name = `${base}${String(number).padStart(2, "0")}`;
    if (!taken.has(name)) return name;
  }
}
