import { message, type Message } from "@doppelwerk/messages";
import { CLASSES, classNamed, type ClassName } from "../class-table.ts";
import { error, type Finding } from "../finding.ts";
import type { LangString, Property, Submodel, SubmodelElement } from "../metamodel.ts";
import type { ValueType } from "../value-type.ts";
import { readInstance, type Instance } from "../validation/read-instance.ts";
import { hasForm, isXmlText } from "../text-form.ts";
import { jsonOfLexical, lexicalOfJson } from "./lexical-json.ts";
import { isLexicalNumber, writeValueText, type ValueOnly } from "./value-text.ts";

/** `applied`: the same object where nothing changed, so that what changed can be found by identity. */
export type Applied<E> =
  | { readonly kind: "applied"; readonly element: E }
  | { readonly kind: "refused"; readonly findings: readonly Finding[] };

/**
 * The element with the values of a value-only form in it (PATCH $value), all or nothing. Never throws.
 * Named values must name elements that exist; elements that are not named keep their values. A list takes exactly as many values as it has elements
 * (`null` leaves one as it is), since IDTA-01002 leaves open what another length would mean. Paths of findings are idShortPaths below the element.
 */
export function applyValue<E extends Submodel | SubmodelElement>(element: E, value: ValueOnly): Applied<E> {
  if (value === null && hasNoValue(element)) return { kind: "applied", element };
  const findings: Finding[] = [];
  const applied = apply(element, value, "", findings);
  return findings.length === 0 ? { kind: "applied", element: applied as E } : { kind: "refused", findings };
}

type Node = Submodel | SubmodelElement;

/** What is told as `null` when it is asked for itself. */
function hasNoValue(element: Node): boolean {
  return (element.modelType === "Property" || element.modelType === "ReferenceElement") && element.value === undefined;
}

function apply(element: Node, value: ValueOnly, path: string, findings: Finding[]): Node {
  switch (element.modelType) {
    case "Property":
      return applyProperty(element, value, path, findings);
    case "MultiLanguageProperty":
      return with_(element, { value: langStrings(value, element.value, path, findings) });
    case "Range":
      return applyNamed(element, value, path, findings, {
        min: (bound, at) => lexical(bound, element.min, element.valueType, at, findings),
        max: (bound, at) => lexical(bound, element.max, element.valueType, at, findings),
      });
    case "Submodel":
      return applyChildren(element, "submodelElements", element.submodelElements ?? [], value, path, findings);
    case "SubmodelElementCollection":
      return applyChildren(element, "value", element.value ?? [], value, path, findings);
    case "SubmodelElementList":
      return applyList(element, element.value ?? [], value, path, findings);
    case "ReferenceElement":
      return with_(element, { value: attribute(element, "value", value, path, findings) });
    case "File":
    case "Blob":
      return applyNamed(element, value, path, findings, attributesOf(element, ["contentType", "value"], findings));
    case "RelationshipElement":
      return applyNamed(element, value, path, findings, attributesOf(element, ["first", "second"], findings));
    case "BasicEventElement":
      return applyNamed(element, value, path, findings, attributesOf(element, ["observed"], findings));
    case "AnnotatedRelationshipElement":
      return applyNamed(element, value, path, findings, {
        ...attributesOf(element, ["first", "second"], findings),
        annotations: (annotations, at) => annotationsOf(element.annotations ?? [], annotations, path, at, findings),
      });
    case "Entity":
      return applyNamed(element, value, path, findings, {
        ...attributesOf(element, ["globalAssetId", "specificAssetIds", "entityType"], findings),
        statements: (statements) => childrenWith(element.statements ?? [], statements, path, findings),
      });
    case "Capability":
    case "Operation":
      return refuse(element, path, message("aas.classHasNoValue", { modelType: element.modelType }), findings);
  }
}

function applyProperty(property: Property, value: ValueOnly, path: string, findings: Finding[]): Property {
  return with_(property, { value: lexical(value, property.value, property.valueType, path, findings) });
}

/** The lexical string of a JSON value. The text that is stored already is always good: what GET gave can be sent back. */
function lexical(value: ValueOnly, stored: string | undefined, type: ValueType, path: string, findings: Finding[]): string | undefined {
  if (stored !== undefined && sameJson(jsonOfLexical(stored, type), value)) return stored;
  const text = lexicalOfJson(value, type);
  if (text === undefined) findings.push(error(path, "value", message("aas.notAValueOf", { found: shown(value), type })));
  else if (!isXmlText(text)) findings.push(error(path, "AASd-130", message("aas.textCharactersXml10")));
  return text;
}

function sameJson(left: ValueOnly | undefined, right: ValueOnly): boolean {
  if (left === right) return !Object.is(left, 0) || Object.is(right, 0);
  return isLexicalNumber(left) && isLexicalNumber(right) && writeValueText(left) === writeValueText(right);
}

function langStrings(
  value: ValueOnly,
  stored: readonly LangString[] | undefined,
  path: string,
  findings: Finding[],
): readonly LangString[] | undefined {
  const objects = Array.isArray(value) ? (value as readonly ValueOnly[]) : [value];
  if (stored === undefined && objects.length === 0) return undefined;
  const texts: LangString[] = [];
  for (const object of objects) {
    const entries = isObject(object) ? Object.entries(object) : undefined;
    if (
      entries === undefined ||
      entries.length === 0 ||
      entries.some(([language, text]) => typeof text !== "string" || text === "" || !hasForm(language, "language"))
    ) {
      findings.push(error(path, "value", message("aas.expectedTexts", { found: shown(value) })));
      return undefined;
    }
    for (const [language, text] of entries) texts.push({ language, text: text as string });
  }
  const isSame = stored !== undefined && JSON.stringify(stored) === JSON.stringify(texts);
  if (texts.length === 0) findings.push(error(path, "value", message("aas.atLeastTextNeeded")));
  if (!isSame && texts.some(({ text }) => !isXmlText(text))) findings.push(error(path, "AASd-130", message("aas.textCharactersXml10")));
  return isSame ? stored : texts;
}

type Setters = Readonly<Record<string, (value: ValueOnly, path: string) => unknown>>;

function applyNamed(element: Node, value: ValueOnly, path: string, findings: Finding[], setters: Setters): Node {
  if (!isObject(value)) return refuse(element, path, message("aas.expectedObjectFound", { found: shown(value) }), findings);
  const next: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    if (Object.hasOwn(setters, name)) next[name] = setters[name]!(part, path);
    else
      findings.push(
        error(
          path,
          "value",
          message("aas.valueHasNoPart", {
            modelType: element.modelType,
            name: JSON.stringify(name),
            setters: Object.keys(setters).join(", "),
          }),
        ),
      );
  }
  return with_(element, next);
}

/** Setters of attributes that come in format "Normal", checked with the table of classes. */
function attributesOf(element: Node, names: readonly string[], findings: Finding[]): Setters {
  return Object.fromEntries(
    names.map((name) => [name, (value: ValueOnly, path: string) => attribute(element, name, value, path, findings)]),
  );
}

function attribute(element: Node, name: string, value: ValueOnly, path: string, findings: Finding[]): unknown {
  const stored = (element as unknown as Instance)[name];
  if (JSON.stringify(stored) === JSON.stringify(value)) return stored;
  const told: Finding[] = [];
  const row = CLASSES.get(element.modelType) ?? classNamed("Property" as ClassName);
  const type = row.byName.get(name)!;
  // A row of one attribute: everything else about the element stays as it is.
  readInstance({ ...row, hasModelType: false, attributes: [type], required: [], byName: new Map([[name, type]]) }, { [name]: value }, told);
  for (const finding of told)
    findings.push(
      finding.path === name
        ? { ...finding, path }
        : error(path, finding.constraint, message("aas.below", { path: finding.path, reason: finding.reason! })),
    );
  return value;
}

function applyChildren(
  element: Node,
  key: string,
  children: readonly SubmodelElement[],
  value: ValueOnly,
  path: string,
  findings: Finding[],
): Node {
  const next = childrenWith(children, value, path, findings);
  return next === children ? element : with_(element, { [key]: next });
}

function childrenWith(
  children: readonly SubmodelElement[],
  value: ValueOnly,
  path: string,
  findings: Finding[],
): readonly SubmodelElement[] {
  if (!isObject(value)) {
    findings.push(error(path, "value", message("aas.expectedValuesByIdShort", { found: shown(value) })));
    return children;
  }
  const indexes = new Map(children.map((child, index) => [child.idShort, index]));
  let next: SubmodelElement[] | undefined;
  for (const [idShort, part] of Object.entries(value)) {
    const index = indexes.get(idShort);
    const at = path === "" ? idShort : `${path}.${idShort}`;
    if (index === undefined) {
      findings.push(error(at, "value", message("aas.noElement", { idShort: JSON.stringify(idShort) })));
      continue;
    }
    const child = apply(children[index]!, part, at, findings) as SubmodelElement;
    if (child !== children[index]) (next ??= [...children])[index] = child;
  }
  return next ?? children;
}

function applyList(element: Node, children: readonly SubmodelElement[], value: ValueOnly, path: string, findings: Finding[]): Node {
  if (!Array.isArray(value)) return refuse(element, path, message("aas.expectedArrayFound", { found: shown(value) }), findings);
  const values = value as readonly ValueOnly[];
  const valued = lengthWithoutTrailingHoles(children);
  if (values.length !== children.length && values.length !== valued) {
    return refuse(element, path, message("aas.listElementsValuesSent", { children: children.length, value: values.length }), findings);
  }
  let next: SubmodelElement[] | undefined;
  values.forEach((part, index) => {
    if (part === null) return;
    const child = apply(children[index]!, part, `${path}[${index}]`, findings) as SubmodelElement;
    if (child !== children[index]) (next ??= [...children])[index] = child;
  });
  return next === undefined ? element : with_(element, { value: next });
}

/** valueOf leaves out elements without a value at the end of a list; what it gave can be sent back. */
function lengthWithoutTrailingHoles(children: readonly SubmodelElement[]): number {
  let length = children.length;
  while (length > 0 && (children[length - 1] as { value?: unknown }).value === undefined) length--;
  return length;
}

function annotationsOf(
  children: readonly SubmodelElement[],
  value: ValueOnly,
  path: string,
  at: string,
  findings: Finding[],
): readonly SubmodelElement[] {
  const parts = Array.isArray(value) ? (value as readonly ValueOnly[]) : [value];
  return parts.reduce<readonly SubmodelElement[]>((annotations, part) => childrenWith(annotations, part, at || path, findings), children);
}

/** The element with other attributes; the same object when they are the same. */
function with_<E extends Node>(element: E, attributes: Readonly<Record<string, unknown>>): E {
  const changed = Object.keys(attributes).some((name) => (element as unknown as Instance)[name] !== attributes[name]);
  return changed ? { ...element, ...attributes } : element;
}

function refuse<E extends Node>(element: E, path: string, reason: Message, findings: Finding[]): E {
  findings.push(error(path, "value", reason));
  return element;
}

function isObject(value: ValueOnly): value is { readonly [name: string]: ValueOnly } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isLexicalNumber(value);
}

function shown(value: ValueOnly): string {
  const text = writeValueText(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
