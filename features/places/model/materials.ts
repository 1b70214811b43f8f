import type { ElementRecord, RecordReader, ShellRecord, SignalRecord, SubmodelRecord } from "@doppelwerk/world";
import type { Place } from "./place.ts";

/** What a storage location holds, as its own signals say. */
export interface Stored {
  /** What the plant calls the material; undefined: unknown. Absent where the location has no signal that says it. */
  readonly material?: string | undefined;
  /** Undefined: not known. */
  readonly quantity: number | undefined;
  readonly place: Pick<Place, "id" | "title">;
}

export interface StoredMaterial {
  /** As the plant calls it; absent where its locations do not say. */
  readonly material?: string;
  readonly title?: Place["title"];
  /** Absent where that of one of its locations is not known. */
  readonly quantity?: number;
  readonly locations: readonly { readonly place: string; readonly title: Place["title"]; readonly quantity?: number }[];
}

const MATERIAL = /^(material|product|item|article|sku|partNumber)(Id|Number)?$/i;

/** Of each shell the signal that says what material is there. */
export function materialSignals(
  signals: readonly { readonly signal: SignalRecord; readonly shell: string }[],
): ReadonlyMap<string, SignalRecord> {
  return new Map(
    signals
      .filter(({ signal: { valueType, role = "" } }) => valueType === "string" && MATERIAL.test(role))
      .map(({ signal, shell }) => [shell, signal]),
  );
}

/** Stock by material, in the order of names; what is in a location that does not say its material is last. Empty locations hold nothing. */
export function storedMaterials(stored: readonly Stored[], names: ReadonlyMap<string, Place["title"]>): readonly StoredMaterial[] {
  const groups = new Map<string, Stored[]>();
  for (const each of stored) {
    if (each.quantity === 0) continue;
    const key = each.material ?? "";
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups]
    .map(([material, held]): StoredMaterial => {
      const quantities = held.flatMap(({ quantity }) => quantity ?? []);
      const title = names.get(material);
      return {
        ...(material !== "" && { material }),
        ...(title && { title }),
        ...(quantities.length === held.length && { quantity: quantities.reduce((sum, quantity) => sum + quantity, 0) }),
        locations: held.map(({ place, quantity }) => ({
          place: place.id,
          title: place.title,
          ...(quantity !== undefined && { quantity }),
        })),
      };
    })
    .toSorted((a, b) => Number(a.material === undefined) - Number(b.material === undefined) || (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ material = "", title }: StoredMaterial): string {
  return title?.en ?? material;
}

/**
 * Names of materials as the submodels `Materials` of these places say them (material definitions of ISA-95): a list `Materials` of `ID` and `Description`, a
 * text or one in several languages.
 */
export function materialNames(reader: RecordReader, places: readonly Place[]): ReadonlyMap<string, Place["title"]> {
  const submodels = reader.query({ kind: "submodel", index: { name: "idShort", value: "Materials" } }) as readonly SubmodelRecord[];
  const names = new Map<string, Place["title"]>();
  const found = submodels.filter(({ body }) => body["kind"] !== "Template");
  if (found.length === 0) return names;
  const owned = new Set(places.flatMap(({ id }) => (reader.get(id) as ShellRecord | undefined)?.submodels ?? []));
  for (const { id: submodel, aasId } of found) {
    if (!owned.has(aasId)) continue;
    const elements = reader.query({ kind: "element", index: { name: "submodel", value: submodel } }) as readonly ElementRecord[];
    const lists = new Set(elements.filter(({ parent, idShort }) => parent === submodel && idShort === "Materials").map(({ id }) => id));
    for (const item of elements.filter(({ parent }) => lists.has(parent))) {
      const of = (name: string) => elements.find(({ parent, idShort }) => parent === item.id && idShort === name)?.value;
      const id = of("ID");
      if (typeof id === "string" && id !== "") names.set(id, titleOf(of("Description"), id));
    }
  }
  return names;
}

function titleOf(value: unknown, other: string): Place["title"] {
  if (typeof value === "string" && value !== "") return { en: value, zh: value };
  const texts = Array.isArray(value) ? (value as readonly { readonly language?: string; readonly text?: string }[]) : [];
  const of = (language: string) => texts.find((text) => text.language?.toLowerCase().startsWith(language))?.text;
  const any = of("en") ?? of("zh") ?? texts[0]?.text ?? other;
  return { en: of("en") ?? any, zh: of("zh") ?? any };
}
