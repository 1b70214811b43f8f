import { childrenOf } from "../id-short-path.ts";
import type { Submodel, SubmodelElement } from "../metamodel.ts";
import { elementFromTemplate } from "./instantiate-template.ts";
import { matchTemplate } from "./match-template.ts";
import { rulesOf, type TemplateRules } from "./template-rules.ts";

/** One entry of the form: an element of the template with those of the instance that fill it. */
export interface FormField {
  readonly template: SubmodelElement;
  readonly rules: TemplateRules;
  /** In the order of the instance. */
  readonly items: readonly FormItem[];
  readonly mayAdd: boolean;
  readonly mayRemove: boolean;
}

export interface FormItem {
  /** idShortPath in the instance. */
  readonly path: string;
  readonly element: SubmodelElement;
  readonly fields: readonly FormField[];
}

/** The form of a template over an instance that is being filled. Fields stand in the order of the template. */
export function formOf(instance: Submodel | SubmodelElement, template: Submodel | SubmodelElement, above = ""): readonly FormField[] {
  const isList = template.modelType === "SubmodelElementList";
  return matchTemplate(instance, template).matched.map(({ template: wanted, found }) => {
    const rules = rulesOf(wanted);
    const items = found.map(({ element, index }) => {
      const path = isList ? `${above}[${index}]` : above === "" ? (element.idShort ?? "") : `${above}.${element.idShort ?? ""}`;
      return { path, element, fields: element.modelType === wanted.modelType ? formOf(element, wanted, path) : [] };
    });
    return {
      template: wanted,
      rules,
      items,
      mayAdd: rules.most === undefined || items.length < rules.most,
      mayRemove: items.length > rules.least,
    };
  });
}

/** The instance with one more element of the template below `above` ("" = the submodel). */
export function withElementAdded(instance: Submodel, above: string, template: SubmodelElement): Submodel {
  return changed(instance, stepsOf(above), (parent) => {
    const children = childrenOf(parent);
    const taken = new Set(children.map(({ idShort }) => idShort ?? ""));
    return withChildren(parent, [...children, elementFromTemplate(template, {}, taken, parent.modelType === "SubmodelElementList")]);
  });
}

/** The instance without the element at the path. */
export function withElementRemoved(instance: Submodel, path: string): Submodel {
  const steps = stepsOf(path);
  const last = steps.at(-1)!;
  return changed(instance, steps.slice(0, -1), (parent) =>
    withChildren(
      parent,
      childrenOf(parent).filter((child, index) => (typeof last === "number" ? index !== last : child.idShort !== last)),
    ),
  );
}

/** The instance with another element in the place of the one at the path. */
export function withElementReplaced(instance: Submodel, path: string, element: SubmodelElement): Submodel {
  return changed(instance, stepsOf(path), () => element);
}

type Node = Submodel | SubmodelElement;

function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([text, index]) => (index === undefined ? text : Number(index)));
}

function changed<N extends Node>(node: N, steps: readonly (string | number)[], change: (node: Node) => Node): N {
  const [first, ...rest] = steps;
  if (first === undefined) return change(node) as N;
  const children = childrenOf(node).map((child, index) =>
    (typeof first === "number" ? index === first : child.idShort === first) ? changed(child, rest, change) : child,
  );
  return withChildren(node, children) as N;
}

function withChildren(node: Node, children: readonly SubmodelElement[]): Node {
  const names: Readonly<Record<string, string>> = {
    Submodel: "submodelElements",
    Entity: "statements",
    AnnotatedRelationshipElement: "annotations",
  };
  const name = names[node.modelType] ?? "value";
  const { [name]: _, ...rest } = node as unknown as Record<string, unknown>;
  return { ...rest, ...(children.length > 0 && { [name]: children }) } as unknown as Node;
}
