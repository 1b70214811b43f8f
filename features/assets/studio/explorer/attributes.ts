import type { LangString, Qualifier, Reference, Submodel, SubmodelElement, ValueType } from "@doppelwerk/aas";

/** What this screen changes of a submodel or element besides its value. */
export interface Attributes {
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
  readonly semanticId?: Reference | undefined;
  readonly qualifiers?: readonly Qualifier[];
  readonly valueType?: ValueType;
  readonly administration?: Submodel["administration"];
}

/** What the API adds for live and planned values: it is shown elsewhere and is never written. */
const SHOWN_ONLY = /^(Live|Planned)[A-Z]/;

/** Without those that the API adds. */
export function ownQualifiers(qualifiers: readonly Qualifier[] = []): readonly Qualifier[] {
  return qualifiers.filter(({ type }) => !SHOWN_ONLY.test(type));
}

/** Elements of these classes have no metadata form in the API: they are written whole. */
export function hasMetadataForm({ modelType }: Submodel | SubmodelElement): boolean {
  return modelType !== "Operation" && modelType !== "Capability";
}

/** Without what is empty: an empty list is no list in this metamodel. */
export function cleaned(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .map(([name, value]): [string, unknown] => [
        name,
        name === "qualifiers" || name === "extensions"
          ? (value as readonly { readonly type?: string; readonly name?: string }[] | undefined)?.filter(
              (each) => !SHOWN_ONLY.test(each.type ?? each.name ?? ""),
            )
          : value,
      ])
      .filter(
        ([, value]) =>
          value !== undefined &&
          !(Array.isArray(value) && value.length === 0) &&
          !(typeof value === "object" && value !== null && Object.keys(value).length === 0),
      ),
  );
}
