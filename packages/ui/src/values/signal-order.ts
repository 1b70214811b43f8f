import type { SignalEntry } from "@doppelwerk/sync";

/** What a name says without its place: `Place 3 pressure drop` and `PressureDrop3` of six places are one quantity. */
export function quantityOf(name: string): string {
  return (
    name
      .replace(/\bplace\s*\d+\b/i, "")
      .replace(/([a-z])([A-Z])/g, "$1 $2")
      .replace(/\s*\d+$/, "")
      .replace(/[._]+/g, " ")
      .trim()
      .toLowerCase() || name.toLowerCase()
  );
}

/** What a person calls the quantity: the name without its place, in any language it comes in. */
export function withoutPlace(name: string): string {
  return name
    .replace(/\bplace\s*\d+\s*/i, "")
    .replace(/工位\s*\d+\s*/, "")
    .replace(/\s*\d+$/, "")
    .trim();
}

/** The number of the place a name speaks of, undefined when it has none. */
export function placeOf(name: string): number | undefined {
  const found = /\bplace\s*(\d+)\b/i.exec(name)?.[1] ?? /(\d+)$/.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Quantities measured at most places first, then by name and place: what the station is about comes before its energy meter. */
export function byRelevance(ids: readonly string[], entryOf: (id: string) => SignalEntry | undefined): readonly string[] {
  const nameOf = (id: string): string => entryOf(id)?.name ?? id;
  const sizes = new Map<string, number>();
  for (const id of ids) sizes.set(quantityOf(nameOf(id)), (sizes.get(quantityOf(nameOf(id))) ?? 0) + 1);
  const energy = (id: string): number => Number(/power|energy|current|voltage/i.test(nameOf(id)));
  return ids.toSorted((a, b) => {
    const bySize = (sizes.get(quantityOf(nameOf(b))) ?? 0) - (sizes.get(quantityOf(nameOf(a))) ?? 0);
    return (
      bySize ||
      energy(a) - energy(b) ||
      quantityOf(nameOf(a)).localeCompare(quantityOf(nameOf(b))) ||
      (placeOf(nameOf(a)) ?? 0) - (placeOf(nameOf(b)) ?? 0)
    );
  });
}
