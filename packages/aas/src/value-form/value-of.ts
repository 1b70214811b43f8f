import { childrenOf } from "../id-short-path.ts";
import type { AnnotatedRelationshipElement, Entity, Property, Submodel, SubmodelElement } from "../metamodel.ts";
import { jsonOfLexical } from "./lexical-json.ts";
import type { ValueOnly } from "./value-text.ts";

export interface ValueOfOptions {
  /** `core`: elements below come without their values, collections as `{}` and lists as `[]`. Default deep. */
  readonly level?: "core" | "deep";
  /** Blob values are left out unless asked for. */
  readonly withBlobValue?: boolean;
  /**
   * What to use instead of a property's own value: a lexical string, or `{value: undefined}` for "no value".
   * undefined: the property has its own value.
   */
  readonly live?: (element: Property) => { readonly value: string | undefined } | undefined;
}

/**
 * The value-only form of an element or submodel (IDTA-01001, Format "Value"); undefined when there is no value:
 * an operation, a capability, or an element without one. What has an object or array for its value always has one when it was asked for itself (IDTA-01002, Modifier Constraints).
 */
export function valueOf(element: Submodel | SubmodelElement, options: ValueOfOptions = {}): ValueOnly | undefined {
  const value = formOf(element, options);
  if (value !== undefined) return value;
  switch (element.modelType) {
    case "SubmodelElementList":
    case "MultiLanguageProperty":
      return [];
    case "Property":
    case "ReferenceElement":
    case "Capability":
    case "Operation":
      return undefined;
    default:
      return {};
  }
}

function formOf(element: Submodel | SubmodelElement, options: ValueOfOptions): ValueOnly | undefined {
  switch (element.modelType) {
    case "Property":
      return propertyValue(element, options);
    case "MultiLanguageProperty":
      return element.value?.map(({ language, text }) => Object.fromEntries([[language, text]]));
    case "Range":
      return defined({
        min: element.min === undefined ? undefined : jsonOfLexical(element.min, element.valueType),
        max: element.max === undefined ? undefined : jsonOfLexical(element.max, element.valueType),
      });
    case "File":
      return defined({ contentType: element.contentType, value: element.value });
    case "Blob":
      return defined({ contentType: element.contentType, value: options.withBlobValue ? element.value : undefined });
    case "ReferenceElement":
      return element.value as unknown as ValueOnly | undefined;
    case "RelationshipElement":
      return defined({ first: json(element.first), second: json(element.second) });
    case "AnnotatedRelationshipElement":
      return defined({ first: json(element.first), second: json(element.second), annotations: annotationValues(element, options) });
    case "Entity":
      return entityValue(element, options);
    case "BasicEventElement":
      return { observed: json(element.observed)! };
    case "SubmodelElementList":
      return listValue(element.value ?? [], options);
    case "Submodel":
    case "SubmodelElementCollection":
      return namedValues(childrenOf(element), options);
    case "Capability":
    case "Operation":
      return undefined;
  }
}

function propertyValue(property: Property, options: ValueOfOptions): ValueOnly | undefined {
  const live = options.live?.(property);
  const value = live === undefined ? property.value : live.value;
  return value === undefined ? undefined : jsonOfLexical(value, property.valueType);
}

/** What a child shows: its value, or at level core the empty container it is. */
function childValue(child: SubmodelElement, options: ValueOfOptions): ValueOnly | undefined {
  if (options.level !== "core") return formOf(child, options);
  if (child.modelType === "SubmodelElementCollection") return {};
  return child.modelType === "SubmodelElementList" ? [] : formOf(child, options);
}

function namedValues(children: readonly SubmodelElement[], options: ValueOfOptions): ValueOnly | undefined {
  const entries: [string, ValueOnly][] = [];
  for (const child of children) {
    const value = childValue(child, options);
    if (value !== undefined && child.idShort !== undefined) entries.push([child.idShort, value]);
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function listValue(children: readonly SubmodelElement[], options: ValueOfOptions): ValueOnly | undefined {
  const values = children.map((child) => childValue(child, options) ?? null);
  while (values.at(-1) === null) values.pop();
  return values.length === 0 ? undefined : values;
}

function annotationValues({ annotations }: AnnotatedRelationshipElement, options: ValueOfOptions): ValueOnly | undefined {
  const values = (annotations ?? []).flatMap((annotation) => namedValues([annotation], options) ?? []);
  return values.length === 0 ? undefined : (values as ValueOnly[]);
}

function entityValue(entity: Entity, options: ValueOfOptions): ValueOnly | undefined {
  return defined({
    statements: namedValues(entity.statements ?? [], options),
    entityType: entity.entityType,
    globalAssetId: entity.globalAssetId,
    specificAssetIds: json(entity.specificAssetIds),
  });
}

/** References and specific asset ids come in format "Normal": they are JSON already. */
function json(value: unknown): ValueOnly | undefined {
  return value as ValueOnly | undefined;
}

function defined(form: Readonly<Record<string, ValueOnly | undefined>>): ValueOnly | undefined {
  const entries = Object.entries(form).filter(([, value]) => value !== undefined) as [string, ValueOnly][];
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
