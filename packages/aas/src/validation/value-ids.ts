// Constraints that compare with a concept description of the same environment. A reference may mean a concept elsewhere: so these are warnings.

import { message } from "@doppelwerk/messages";
import { warning, type Finding } from "../finding.ts";
import type { DataSpecificationIec61360, Environment, Reference } from "../metamodel.ts";
import { walk } from "../walk.ts";

interface Coded {
  readonly value?: string;
  readonly valueId?: Reference;
}

const NUMBER: Readonly<Record<string, string>> = { Qualifier: "AASd-006", Property: "AASd-007" };

/** AASd-006 and -007: a value is that of the concept its valueId names. AASc-3a-003: a concept that a value list names has a value. */
export function checkValueIds(environment: Environment, findings: Finding[]): void {
  const contents = new Map<string, readonly DataSpecificationIec61360[]>();
  for (const { id, embeddedDataSpecifications } of environment.conceptDescriptions ?? []) {
    const own = (embeddedDataSpecifications ?? []).map(({ dataSpecificationContent }) => dataSpecificationContent);
    if (own.length > 0) contents.set(id, own);
  }
  const all = [...contents.values()].flat();
  if (!all.some(({ value, valueList }) => value !== undefined || valueList !== undefined)) return;
  walk("Environment", environment as Readonly<Record<string, unknown>>, (row, instance, path) => {
    const { value, valueId } = instance as Coded;
    const concept = valueId === undefined ? undefined : contents.get(valueId.keys.at(-1)!.value);
    if (concept === undefined) return instance;
    const constraint = NUMBER[row.name];
    const coded = concept.flatMap((content) => (content.value === undefined ? [] : [content.value]));
    if (constraint !== undefined && value !== undefined && coded.length > 0 && !coded.includes(value))
      findings.push(
        warning(`${path}.value`, constraint, message("aas.valueNotOfConcept", { value: quote(value), coded: quote(coded[0]!) })),
      );
    if (row.name === "ValueReferencePair" && coded.length === 0)
      findings.push(warning(`${path}.valueId`, "AASc-3a-003", message("aas.conceptValueListNamesMust")));
    return instance;
  });
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
