import { type ComponentDefinition, checkDefinition } from "@doppelwerk/sim";

/**
 * A component for flow models (`"type": "custom", "model": NAME`): checked and returned as it is. Its state are the numbers of `columns`
 * and the items it holds, both kept by the run; functions must not remember anything themselves. A bad one is a bug and throws.
 */
export function defineSimModel(definition: ComponentDefinition): ComponentDefinition {
  return checkDefinition(definition);
}
