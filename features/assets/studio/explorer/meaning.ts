import type { ConceptDescription, DataSpecificationIec61360, LangString, Shell, SubmodelElement } from "@doppelwerk/aas";
import type { Language } from "@doppelwerk/kit/studio";

/** What an element means in the reader's language, and in which unit it is told. */
export interface Meaning {
  readonly name: string | undefined;
  readonly definition: string | undefined;
  readonly unit: string | undefined;
  readonly values: readonly { readonly value: string; readonly id?: string }[];
  /** Its name in the other language of the studio, where that is another. */
  readonly alsoCalled: string | undefined;
  /** Its concept description, where the repository has it. */
  readonly concept: string | undefined;
}

/** A text in the reader's language, else in English, else as it came. */
export function textIn(texts: readonly LangString[] | undefined, language: Language): string | undefined {
  return exactlyIn(texts, language) ?? exactlyIn(texts, "en") ?? texts?.[0]?.text;
}

function exactlyIn(texts: readonly LangString[] | undefined, language: Language): string | undefined {
  return texts?.find((each) => each.language.toLowerCase().startsWith(language))?.text;
}

/** What people call a shell: its display name, else its idShort. */
export function nameOfShell(shell: Pick<Shell, "displayName" | "idShort"> | undefined, language: Language): string | undefined {
  return textIn(shell?.displayName, language) ?? shell?.idShort;
}

/** What of a display name stands beside an idShort: nothing where it only spells it out (`SerialNumber`, `Serial number`), and never the idShort again (`S090 Leak test`). */
export function besideIdShort(name: string | undefined, idShort: string | undefined): string | undefined {
  if (name === undefined || idShort === undefined) return name;
  const bare = (text: string): string => text.replace(/[\s_-]/g, "").toLowerCase();
  if (bare(name) === bare(idShort)) return undefined;
  const rest = name.startsWith(idShort) ? /^[\s:–-]+(.+)$/s.exec(name.slice(idShort.length))?.[1] : undefined;
  return rest ?? name;
}

/** The concept an element names: the first key of its semantic id. */
export function conceptOf({ semanticId }: Pick<SubmodelElement, "semanticId">): string | undefined {
  return semanticId?.keys.at(-1)?.value;
}

/** From the concept description, and from what the element says of itself, which wins. */
export function meaningOf(element: SubmodelElement, concept: ConceptDescription | undefined, language: Language): Meaning {
  const contents = [...(element.embeddedDataSpecifications ?? []), ...(concept?.embeddedDataSpecifications ?? [])].map(
    ({ dataSpecificationContent }) => dataSpecificationContent,
  );
  const first = <T>(get: (content: DataSpecificationIec61360) => T | undefined): T | undefined => {
    for (const content of contents) {
      const value = get(content);
      if (value !== undefined && value !== "") return value;
    }
    return undefined;
  };
  const name = textIn(element.displayName, language) ?? first((content) => textIn(content.preferredName, language));
  const other = language === "zh" ? "en" : "zh";
  const alsoCalled = exactlyIn(element.displayName, other) ?? first((content) => exactlyIn(content.preferredName, other));
  const pairs = first((content) => content.valueList?.valueReferencePairs) ?? [];
  return {
    name,
    alsoCalled: alsoCalled === name ? undefined : alsoCalled,
    concept: concept?.id,
    definition: textIn(element.description, language) ?? first((content) => textIn(content.definition, language)),
    unit: first((content) => content.unit) ?? unitQualifier(element),
    values: pairs.map(({ value, valueId }) => ({ value, ...(valueId?.keys[0] !== undefined && { id: valueId.keys[0].value }) })),
  };
}

function unitQualifier({ qualifiers }: SubmodelElement): string | undefined {
  return qualifiers?.find(({ type }) => /^unit$/i.test(type))?.value;
}

/** What a planned value says (P17): as the API shows it, in qualifiers. */
export interface Planned {
  readonly value: string;
  readonly from: string;
  readonly owner: string;
}

export function plannedOf({ qualifiers }: SubmodelElement): Planned | undefined {
  const of = (type: string): string | undefined => qualifiers?.find((each) => each.type === type)?.value;
  const value = of("PlannedValue");
  return value === undefined ? undefined : { value, from: of("PlannedEffectiveFrom") ?? "", owner: of("PlannedOwner") ?? "" };
}

/** How a live value stands (P19); undefined = the element shows no signal and may be edited. */
export interface LiveStatus {
  readonly quality: string;
  readonly sourceTime: string | undefined;
}

export function liveOf({ extensions }: SubmodelElement): LiveStatus | undefined {
  const of = (name: string): string | undefined => extensions?.find((each) => each.name === name)?.value;
  const quality = of("LiveQuality");
  return quality === undefined ? undefined : { quality, sourceTime: of("LiveSourceTime") };
}
