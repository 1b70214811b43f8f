import { error, warning, type Finding, type XmlElement } from "@doppelwerk/aas";
import {
  causalities,
  variabilities,
  variableTypes,
  type Causality,
  type ModelVariable,
  type Variability,
  type VariableType,
} from "@doppelwerk/sim/models";
import { child, MAX_VARIABLES, numberField } from "./xml-fields.ts";
import { referenceOf } from "./variables-2.ts";
import { message, type Message } from "@doppelwerk/messages";

/** Values of all variables, arrays included: what a person can bind or look at, and a bound for what an attacker sends. */
const MAX_VALUES = 1_000_000;

/** Variables of FMI 3.0 (2.4.7). Arrays have the size that the start values of structural parameters give them. */
export function readVariables3(root: XmlElement, findings: Finding[]): readonly ModelVariable[] {
  const declared = new Map((child(root, "TypeDefinitions")?.children ?? []).map((type) => [type.attributes.name ?? "", type]));
  const elements = child(root, "ModelVariables")?.children ?? [];
  if (elements.length > MAX_VARIABLES) {
    findings.push(
      error("ModelVariables", "limit", message("engines.fmi.tooManyVariables", { count: elements.length, max: MAX_VARIABLES })),
    );
    return [];
  }
  let values = 0;
  const startOf = new Map(elements.map(({ attributes }) => [attributes.valueReference, attributes.start] as const));
  return elements.flatMap((element, index): ModelVariable[] => {
    const path = `ModelVariables.${element.name}[${index}]`;
    const complain = (reason: Message) => {
      if (findings.length < 100) findings.push(error(path, "fmi", reason));
      return [];
    };
    if (!(variableTypes as readonly string[]).includes(element.name))
      return complain(message("engines.fmi.noType", { name: element.name }));
    const type = element.name as VariableType;
    const { name = "", valueReference, causality = "local", initial, description } = element.attributes;
    const isReal = type === "Float64" || type === "Float32";
    const fallback = causality === "parameter" || causality === "structuralParameter" ? "fixed" : isReal ? "continuous" : "discrete";
    const variability = element.attributes.variability ?? fallback;
    const reference = referenceOf(valueReference);
    if (name === "") return complain(message("engines.fmi.variableWithoutName"));
    if (reference === undefined)
      return complain(message("engines.fmi.valueReference", { reference: JSON.stringify(valueReference ?? "") }));
    if (!(causalities as readonly string[]).includes(causality))
      return complain(message("engines.fmi.causality", { causality: JSON.stringify(causality) }));
    if (!(variabilities as readonly string[]).includes(variability))
      return complain(message("engines.fmi.variability", { variability: JSON.stringify(variability) }));
    const dimensions = dimensionsOf(element, startOf);
    const size = (dimensions ?? []).reduce((product, length) => product * length, 1);
    if (!(size <= MAX_VALUES)) return complain(message("engines.fmi.arraySize", { name: JSON.stringify(name), max: MAX_VALUES }));
    values += size;
    if (values > MAX_VALUES) return complain(message("engines.fmi.tooManyValues", { max: MAX_VALUES }));
    if (type === "Clock" && findings.length < 100)
      findings.push(warning(path, "unsupported", message("engines.fmi.clockNotDriven", { name: JSON.stringify(name) })));
    const definition = declared.get(element.attributes.declaredType ?? "");
    const attribute = (key: string) => element.attributes[key] ?? definition?.attributes[key];
    const unit = attribute("unit");
    const starts = element.children.filter((each) => each.name === "Start").map(({ attributes }) => attributes.value ?? "");
    const start = starts.length > 0 ? starts.join(" ") : attribute("start");
    const items = (definition?.children ?? []).filter((item) => item.name === "Item");
    return [
      {
        name,
        reference,
        type,
        causality: causality as Causality,
        variability: variability as Variability,
        size,
        ...(dimensions === undefined ? {} : { dimensions }),
        ...(initial === undefined ? {} : { initial }),
        ...(description === undefined ? {} : { description }),
        ...(unit === undefined ? {} : { unit }),
        ...(start === undefined ? {} : { start }),
        ...numberField("min", attribute("min")),
        ...numberField("max", attribute("max")),
        ...(items.length === 0
          ? {}
          : { items: items.map(({ attributes }) => ({ name: attributes.name ?? "", value: Number(attributes.value) })) }),
      },
    ];
  });
}

function dimensionsOf(element: XmlElement, startOf: ReadonlyMap<string | undefined, string | undefined>): readonly number[] | undefined {
  const dimensions = element.children.filter(({ name }) => name === "Dimension");
  if (dimensions.length === 0) return undefined;
  return dimensions.map(({ attributes: { start, valueReference } }) => {
    const text = start ?? startOf.get(valueReference) ?? "";
    return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  });
}
