import type { ComponentDeclaration } from "@doppelwerk/sim";
import type { Json } from "@doppelwerk/world";
import type { PackComponentDeclaration } from "./manifest-shape.ts";

/** A component of a manifest as a run takes it. */
export function componentOfPack(
  { id, parameters, state, part, uses, resources, draws }: PackComponentDeclaration,
  { name, version }: { readonly name: string; readonly version: string },
): ComponentDeclaration {
  return { id, pack: name, version, defaults: defaultsOf(parameters), state, part, uses, resources, draws };
}

/** Those that the schema declares at its top. */
function defaultsOf({ properties = {} }: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  const declared = Object.entries(properties as Readonly<Record<string, { readonly default?: Json }>>);
  return Object.fromEntries(declared.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])));
}
