import { error, type Finding, type XmlElement } from "@doppelwerk/aas";
import {
  causalities,
  variabilities,
  type Causality,
  type ModelVariable,
  type Variability,
  type VariableType,
} from "@doppelwerk/sim/models";
import { child, MAX_VARIABLES, numberField } from "./xml-fields.ts";
import { message } from "@doppelwerk/messages";

const types: Readonly<Record<string, VariableType>> = {
  Real: "Float64",
  Integer: "Int32",
  Boolean: "Boolean",
  String: "String",
  Enumeration: "Enumeration",
};

/** `ScalarVariable` elements of FMI 2.0 (2.2.7), told in the types of FMI 3.0. */
export function readVariables2(root: XmlElement, findings: Finding[]): readonly ModelVariable[] {
  const declared = new Map(
    (child(root, "TypeDefinitions")?.children ?? []).flatMap((type) =>
      type.children[0] === undefined ? [] : [[type.attributes.name ?? "", type.children[0]] as const],
    ),
  );
  const scalars = (child(root, "ModelVariables")?.children ?? []).filter(({ name }) => name === "ScalarVariable");
  if (scalars.length > MAX_VARIABLES) {
    findings.push(error("ModelVariables", "limit", message("engines.fmi.tooManyVariables", { count: scalars.length, max: MAX_VARIABLES })));
    return [];
  }
  return scalars.flatMap((scalar, index): ModelVariable[] => {
    const { name = "", valueReference, causality = "local", variability = "continuous", initial, description } = scalar.attributes;
    const typed = scalar.children.find((each) => each.name in types);
    const path = `ModelVariables.ScalarVariable[${index}]`;
    const reference = referenceOf(valueReference);
    const fault =
      name === ""
        ? message("engines.fmi.variableWithoutName")
        : typed === undefined
          ? message("engines.fmi.variableWithoutType")
          : reference === undefined
            ? message("engines.fmi.valueReference", { reference: JSON.stringify(valueReference ?? "") })
            : !(causalities as readonly string[]).includes(causality)
              ? message("engines.fmi.causality", { causality: JSON.stringify(causality) })
              : !(variabilities as readonly string[]).includes(variability)
                ? message("engines.fmi.variability", { variability: JSON.stringify(variability) })
                : undefined;
    if (fault !== undefined) {
      if (findings.length < 100) findings.push(error(path, "fmi", fault));
      return [];
    }
    const type = declared.get(typed!.attributes.declaredType ?? "");
    const attribute = (key: string) => typed!.attributes[key] ?? type?.attributes[key];
    const unit = attribute("unit");
    const items = (type?.children ?? []).filter((item) => item.name === "Item");
    return [
      {
        name,
        reference: reference!,
        type: types[typed!.name]!,
        causality: causality as Causality,
        variability: variability as Variability,
        size: 1,
        ...(initial === undefined ? {} : { initial }),
        ...(description === undefined ? {} : { description }),
        ...(unit === undefined ? {} : { unit }),
        ...(attribute("start") === undefined ? {} : { start: attribute("start")! }),
        ...numberField("min", attribute("min")),
        ...numberField("max", attribute("max")),
        ...(items.length === 0
          ? {}
          : { items: items.map(({ attributes }) => ({ name: attributes.name ?? "", value: Number(attributes.value) })) }),
      },
    ];
  });
}

export function referenceOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined;
}
